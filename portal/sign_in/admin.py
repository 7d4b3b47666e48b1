"""What the packages for the second factor register by themselves has no place at the desk: its lists show secrets and
recovery codes. Staff have `account` instead, administrators `colleagues`."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

admin.site.unregister([StaticDevice, TOTPDevice])
