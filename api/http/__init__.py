"""By HTTP: the endpoint, who is calling, files and documents, and the application that tells paths apart."""
