"""People who may sign in at the staff desk of the local stack: one of each part, and one of none.

On AWS an operator puts people into the pool; here they are there from the start, and their password
is known to everybody who reads this. The pool is on loopback and goes with its stack.
"""

from typing import Final

from devstack.stack import Stack

PASSWORD: Final = "Local-desk-of-2026"  # noqa: S105 - of a stack on loopback, made to be known
PARTS: Final = ("coordinator", "reviewer", "accountant")
NO_PART: Final = "newcomer"


def address_of(part: str) -> str:
    """With what the person of that part signs in."""
    return f"{part}@desk.example"


def let_in(stack: Stack) -> None:
    """Put everybody in, as far as they are not there."""
    pool, cognito = stack.outputs["StaffPoolId"], stack.client("cognito-idp", "root")
    known = {
        attribute["Value"]
        for one in cognito.list_users(UserPoolId=pool)["Users"]
        for attribute in one["Attributes"]
        if attribute["Name"] == "email"
    }
    for part in (*PARTS, NO_PART):
        address = address_of(part)
        if address in known:
            continue
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=address,
            MessageAction="SUPPRESS",
            TemporaryPassword=PASSWORD,
            UserAttributes=[
                {"Name": "email", "Value": address},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=address, Password=PASSWORD, Permanent=True
        )
        if part in PARTS:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=address, GroupName=part)
