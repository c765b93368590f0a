"""Inviting people to interviews: times, letters, answers. What is said in an interview is not known here."""
