"""Asking about one's own data, and answering."""

from actions.privacy import requests

from ..mutation_fields import mutation
from .types import DataRequest

MUTATIONS = (
    mutation(requests.request_about_data, DataRequest),
    mutation(requests.answer_data_request, DataRequest),
)
