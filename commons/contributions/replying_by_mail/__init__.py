"""Replying by e-mail: who answers an e-mail about a conversation writes in it, as if at the site.

`addresses` makes the address that stands in the e-mail and knows it again; `letters` reads what arrives; `written`
finds in it what its writer wrote; `receiving` publishes that as a comment, by the way of the form, or answers why not.
"""
