"""The web page: one folder of static HTML made of one assessment and of its documents, without network and clock."""
