"""A table of config.toml: what all of them have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of config.toml. Each field's description completes the sentence "must be ..."."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
