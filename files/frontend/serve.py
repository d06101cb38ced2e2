"""The server's entry: `python -m streamlit run serve.py`. The page is app.py; here it gets what signing in needs."""

from __future__ import annotations

import os

import streamlit as st

from chat import sign_in_settings

os.environ.update(sign_in_settings.trusted_authorities(os.environ))
# Secrets that only this process ever holds: Streamlit's usual file of them would be one on a disk.
app = st.App("app.py", secrets=sign_in_settings.streamlit_secrets(os.environ))
