"""The signer: it carries decided payments to a chain, and reports what became of them.

Nothing here is imported unless `[chain]` is set: web3 is slow to import and an extra to install.
"""
