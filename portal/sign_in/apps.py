from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "portal.sign_in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.sign_in import checks, sessions  # noqa: F401  (they listen for deployments and sign-ins)
