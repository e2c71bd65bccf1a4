"""Signing, sealing and keys: pure but for crypto.entropy, the only draw of chance."""
