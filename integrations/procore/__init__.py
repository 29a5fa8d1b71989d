"""Reading Procore: company users, permissions, projects, cost codes, vendors."""
