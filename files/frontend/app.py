"""The chat page, which serve.py serves."""

from __future__ import annotations

import logging
import os

import streamlit as st

from chat import texts, view
from chat.api import ChatApi
from chat.settings import Settings, SettingsError


@st.cache_resource(show_spinner=False)
def configured() -> tuple[ChatApi, Settings] | None:
    """The API's client and the settings, made once per process; None where the environment is wrong."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        for fault in error.faults:
            logging.getLogger("chat.settings").error("%s", fault)
        return None
    return ChatApi.from_settings(settings), settings


# The icon is a file: one by name would be fetched from the internet by every browser.
st.set_page_config(page_title=texts.TITLE, page_icon=view.ICON, layout="centered")
if ready := configured():
    view.show(*ready)
else:
    view.show_not_configured()
