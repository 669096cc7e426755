"""What happens without being asked for: mails, the sealing of papers, imports, the duties of a day."""
