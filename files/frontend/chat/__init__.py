"""The chat page: settings, the API's client, safe rendering, the Streamlit view."""
