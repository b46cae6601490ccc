//! What admins decide: the schema, who is one person, whose word counts, what is computed.
