"""The addresses of signing in. `of_desk` stand in the admin's namespace before Django's own; the others are those that
Django's pages about forgotten passwords know by name, and exist only where mail is really sent."""

from django.conf import settings
from django.urls import path

from portal.sign_in import account, colleagues, passwords, signing_in

SENDS_MAIL = settings.EMAIL_BACKEND.split(".")[-2] not in ("console", "dummy")


def of_desk(site):
    desk = site.admin_view
    return [
        path("login/", signing_in.SignIn.as_view(), name="login"),
        path("login/code/", signing_in.code, name="sign_in_code"),
        path("account/", desk(account.account), name="account"),
        path("account/sign-out/", desk(account.sign_out), name="sign_out_devices"),
        path("account/second-factor/", desk(account.manage), name="second_factor"),
        path("account/second-factor/set-up/", account.set_up, name="set_up_second_factor"),
        path("account/second-factor/code.svg", account.qr_code, name="second_factor_qr_code"),
        path("colleagues/<int:pk>/", desk(colleagues.colleague), name="colleague_sign_in"),
        path("password_change/", desk(account.PasswordChange.as_view()), name="password_change"),
    ]


forgotten_password = [
    path("password-reset/", passwords.PasswordReset.as_view(), name="admin_password_reset"),
    path("password-reset/sent/", passwords.PasswordResetDone.as_view(), name="password_reset_done"),
    path("password-reset/<uidb64>/<token>/", passwords.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("password-reset/done/", passwords.PasswordResetComplete.as_view(), name="password_reset_complete"),
]
urlpatterns = forgotten_password if SENDS_MAIL else []
