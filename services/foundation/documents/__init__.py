"""Documents, kept by what they contain: the SHA-256 of the content is the name.

`store` says what a store is, `local_folder` and `s3` are the two there are, `receiving` takes in what an
applicant uploads, `media_type` looks whether it is what it claims to be.
"""
