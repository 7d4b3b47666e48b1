"""What people fill in about their own sign-in."""

from django import forms
from django.contrib.auth import authenticate, get_user_model
from django.utils.translation import gettext_lazy as _

from portal.sign_in import second_factor

WRONG_PASSWORD = _("This is not your password.")


def is_password_of(request, password) -> bool:
    """Asked like a sign-in, so that wrong answers count as failed ones."""
    user = authenticate(request, username=request.user.get_username(), password=password)
    return user is not None and user.pk == request.user.pk


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class SecondFactorCodeForm(CodeForm):
    """Asks `user` for a code; `device` accepted it."""

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.device = None

    def clean_code(self):
        self.device = second_factor.verify(self.user, self.cleaned_data["code"])
        return self.cleaned_data["code"]


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        if not is_password_of(self.request, self.cleaned_data["password"]):
            raise forms.ValidationError(WRONG_PASSWORD)
        return self.cleaned_data["password"]


class AccountForm(forms.ModelForm):
    """One's name and address. Whoever owns the address can ask for a new password, so changing it needs the old one."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        required=False,
        max_length=4096,
        help_text=_("Needed only to change the e-mail address."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = get_user_model()
        fields = ["first_name", "last_name", "email"]
        help_texts = {"email": _("Where notices about your sign-in go, and a new password if you forget yours.")}

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self):
        super().clean()
        password = self.cleaned_data.get("password", "")
        if "email" in self.changed_data and not (password and is_password_of(self.request, password)):
            self.add_error("password", WRONG_PASSWORD if password else _("Type your password to change the address."))
