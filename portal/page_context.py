"""What every public page knows besides its own records."""


def site(request):
    return {}
