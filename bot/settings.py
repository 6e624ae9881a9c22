"""config.toml and the environment become frozen objects; this file is what an operator may set."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import bounds
from bot.chain_settings import Chain, ChainToken, ChainTreasury
from bot.database.address import is_postgres, read_address
from bot.mistakes import ENV_PREFIX, ConfigMistakes, Vocabulary, read_toml, words_of
from bot.section import Section

__all__ = [
    "Backup",
    "Chain",
    "ConfigMistakes",
    "Database",
    "Discord",
    "Log",
    "Settings",
    "Telegram",
    "load",
]

GUILD_IDS_MAX = 100


class Database(Section):
    url: Annotated[str, AfterValidator(bounds.database_url)] = Field(
        "sqlite:///folkmoot.db",
        repr=False,
        description="sqlite:/// and a file (sqlite:///folkmoot.db is in the folder where the bot "
        "starts, sqlite:////srv/folkmoot.db, with four slashes, is a full path), or "
        "postgresql://user:password@host/name",
    )

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file, and not a database on a server."""
        return not is_postgres(self.url)

    @property
    def shown(self) -> str:
        """What it is called in messages: never with a password."""
        return str(self.path) if self.is_file else read_address(self.url).shown

    @property
    def passwords(self) -> tuple[str, ...]:
        """What of the url must not be shown."""
        return () if self.is_file else read_address(self.url).passwords

    @property
    def path(self) -> Path:
        """The SQLite file; a relative one is relative to the working directory."""
        assert self.is_file
        return Path(self.url.removeprefix("sqlite:///"))


class Discord(Section):
    token: Annotated[SecretStr, AfterValidator(bounds.bot_token)] = Field(
        SecretStr(""),
        description="the bot's token, without spaces, as the Bot page of Discord's developer "
        "portal shows it",
    )
    api_url: Annotated[str, AfterValidator(bounds.rest_address)] = Field(
        "https://discord.com/api/v10",
        description="an address that starts with https:// or http:// and ends with the "
        "version, such as https://discord.com/api/v10, without a password, ? or #",
    )
    gateway_url: Annotated[str | None, AfterValidator(bounds.gateway_address)] = Field(
        None,
        description="an address that starts with wss:// or ws://, such as "
        "wss://gateway.discord.gg, without a password, ? or #, or empty for Discord's own",
    )
    guild_ids: Annotated[
        tuple[Annotated[int, Field(ge=1, lt=1 << 64)], ...], BeforeValidator(bounds.split)
    ] = Field(
        (),
        max_length=GUILD_IDS_MAX,
        description=f"a list of at most {GUILD_IDS_MAX} server ids, whole numbers such "
        "as [123456789012345678]",
    )
    members_intent: bool = Field(default=False, description="true or false")

    @property
    def is_on(self) -> bool:
        """Whether a token is set: without one the bot leaves Discord alone."""
        return bool(self.token.get_secret_value())


class Telegram(Section):
    token: Annotated[SecretStr, AfterValidator(bounds.telegram_token)] = Field(
        SecretStr(""),
        description="the bot's token as @BotFather shows it, a number, a colon and letters",
    )
    api_url: Annotated[str, AfterValidator(bounds.rest_address)] = Field(
        "https://api.telegram.org",
        description="an address that starts with https:// or http:// and stands before "
        "/bot<token>, such as https://api.telegram.org, without a password, ? or #",
    )
    mode: Annotated[Literal["polling", "webhook"], BeforeValidator(bounds.lower)] = Field(
        "polling", description="polling or webhook"
    )
    webhook_url: Annotated[str, AfterValidator(bounds.webhook_address)] = Field(
        "",
        description="the public address that Telegram reaches the bot under, such as "
        "https://moot.example/telegram, without a password, ? or #; webhook mode needs it",
    )
    webhook_listen: Annotated[str, AfterValidator(bounds.listening)] = Field(
        "127.0.0.1:8080",
        description="where the bot listens in webhook mode, an address and a port such as "
        "127.0.0.1:8080",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(bounds.webhook_secret)] = Field(
        SecretStr(""),
        description="at most 256 of the letters A-Z, a-z, 0-9, _ and -, or empty for one that is "
        "drawn at each start",
    )

    @property
    def is_on(self) -> bool:
        """Whether a token is set: without one the bot leaves Telegram alone."""
        return bool(self.token.get_secret_value())

    @property
    def listens_on(self) -> tuple[str, int]:
        """The address and the port of webhook mode."""
        host, _, port = self.webhook_listen.rpartition(":")
        return host.strip("[]"), int(port)


class Log(Section):
    level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(bounds.lower)
    ] = Field("info", description="one of debug, info, warning and error")
    libraries: Annotated[
        Literal["", "debug", "info", "warning", "error"], BeforeValidator(bounds.lower)
    ] = Field(
        "", description="one of debug, info, warning and error, or empty: as level, but not debug"
    )
    # BaseModel already has a method named json, hence the alias.
    is_json: bool = Field(default=False, alias="json", description="true or false")


class Backup(Section):
    folder: Annotated[Path | None, BeforeValidator(bounds.folder)] = Field(
        None, description="a folder, or empty for no nightly backup"
    )
    keep: int = Field(7, ge=1, le=1000, description="a whole number from 1 to 1000")


class Settings(BaseSettings):
    """The whole configuration; a new section is a class above and a line here.

    It reads the environment whenever it is made, and that wins over what is passed.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,  # compose files pass on variables that nobody has set as ""
        enable_decoding=False,  # organisers write 123,456 and true, not JSON
    )

    database: Database = Database()
    discord: Discord = Discord()
    telegram: Telegram = Telegram()
    chain: Chain = Chain()
    log: Log = Log()
    backup: Backup = Backup()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 -- the library passes them by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the first wins

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for the log to black out."""
        values = (value for _, section in self for _, value in section)
        found = (v.get_secret_value() for v in values if isinstance(v, SecretStr))
        return (*self.database.passwords, *(secret for secret in found if secret))


SECTIONS = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
VOCABULARY = Vocabulary(
    {name: words_of(section) for name, section in SECTIONS.items()},
    {
        ("chain", "treasuries"): words_of(ChainTreasury),
        ("chain", "treasuries", "tokens"): words_of(ChainToken),
    },
)


def load(path: Path | None) -> Settings:
    """Read the file (None: defaults only) and the environment, which wins, or name all mistakes."""
    document = {} if path is None else read_toml(path)
    mistakes: dict[str, str] = {}  # by place: each is named once
    faulty = set[str]()
    tables: dict[str, Any] = {}
    for name, table in document.items():
        if name in SECTIONS and isinstance(table, dict):
            tables[name] = table
            # Strict, so that "yes" is no boolean in a file; what the environment hides counts too.
            try:
                SECTIONS[name].model_validate(table, strict=True)
            except ValidationError as error:
                mistakes |= VOCABULARY.in_section(name, error)
                faulty.add(name)
        else:
            faulty |= {name} & SECTIONS.keys()
            mistakes[name] = VOCABULARY.stray(name, table)
    variables = {name.upper() for name, value in os.environ.items() if value}
    mistakes |= VOCABULARY.stray_variables(variables)
    try:
        settings = Settings(**tables)
    except ValidationError as error:
        mistakes |= VOCABULARY.in_variables(variables, error)
        if not mistakes:  # nobody to blame but this program
            raise
    if mistakes:
        sound = _sound({name: table for name, table in tables.items() if name not in faulty})
        raise ConfigMistakes(tuple(mistakes.values()), sound, frozenset(faulty))
    return settings


def _sound(tables: dict[str, Any]) -> Settings | None:
    try:
        return Settings(**tables)
    except ValidationError:  # the environment is wrong as well
        return None
