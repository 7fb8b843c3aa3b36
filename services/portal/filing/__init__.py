"""Filing an application: the questions, where each stands, how far a dossier is, and how answers are saved."""
