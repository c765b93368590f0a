"""What is told: letters to people, and tasks to coordinators."""
