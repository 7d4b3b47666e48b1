import pytest
from django.urls import reverse
from django.contrib.auth.models import User
from tests.factories import *
from tests import factories as f
from tests.desk import form_of, add_row
pytestmark=pytest.mark.django_db
NONSENSE=["pk__regex=(","pk__iregex=(","title_en__regex=(","created__year=99999","published_at__year=99999","published_at__gte=foo","p=-1","p=abc","p=99999999999999999999","o=zzz","o=-.-","o=99.1","all=foo","publication=xx","kind__exact=zz","kind__in=a,b","pk=99999999999999999999999","pk=abc","pk__in=1,x","id__exact=99999999999999999999999999","series__id__exact=abc","series__id__exact=9999999999999999999999","e=1","_to_field=foo","_to_field=slug","_popup=1&_to_field=title_en","published_at__year=0","published_at__year=2024&published_at__month=13","published_at__day=99","published_at__year=99999999999999999999","day__year=99999","published_at__year=foo","published_at__isnull=foo","series__isnull=foo","published_at__gte=99999-01-01","published_at__range=1","q="+"a"*5000,"q=%22%27%5C","q=%ff","title_en__search=a","title_en__contains[]=3","starts_on=foo","starts_on__gte=foo","starts_on__year=2020","published_at__week=99999999999999","published_at__hour=999999999999999999999","published_at__date=foo","pk__gt=99999999999999999999999999","pk__lt=-99999999999999999999999999","pk__range=1,2","position__gte=99999999999999999999","edition=1e400","pk__exact=1e400","pk=nan","edition__gte=inf","_facets=1&pk__regex=(","_facets=1", "published_at__iso_year=99999","published_at__quarter=9","pk__contains=%","timezone__trigram_similar=a","published_at__month=foo","last_confirmed_on__year=99999", "password__startswith=a","last_login__year=99999","last_login__gte=foo","groups__id__exact=foo","user_permissions=foo","rejected_reason__isempty=foo"]
MODELS=["events_conference","events_session","companies_organization","companies_observation","portal_source","auth_user","events_enquiry"]
def test_probe(admin_client):
    admin_client.raise_request_exception=False
    f.session(); f.organization(); f.observation(); f.source(); f.enquiry()
    for m in MODELS:
        u=reverse(f"admin:{m}_changelist")
        for n in NONSENSE:
            r=admin_client.get(u+"?"+n)
            if r.status_code>=500: print("BAD",m,n[:60],r.status_code, repr(getattr(r,'exc_info',None) and r.exc_info[1])[:150])
        for action in ["publish_now","delete_selected","back_to_draft","nope",""]:
            for ids in [["abc"],["999999999999999999999999999"],["\x00"],["1","x"],["-1"],["1e9"],[""]]:
                r=admin_client.post(u,{"action":action,"_selected_action":ids,"index":"0"})
                if r.status_code>=500: print("BADPOST",m,action,ids,r.status_code,repr(r.exc_info[1])[:150])
                r=admin_client.post(u,{"action":action,"_selected_action":ids,"post":"yes"})
                if r.status_code>=500: print("BADPOST2",m,action,ids,r.status_code,repr(r.exc_info[1])[:150])
        r=admin_client.post(u,{"action":"publish_now","_selected_action":["1"],"index":"abc"})
        if r.status_code>=500: print("BADINDEX",m,r.status_code,repr(r.exc_info[1])[:150])
        for k in ["abc","999999999999999999999999999","%00","_5F","1e9","-1","٣"]:
            for page in ["change","delete","history"]:
                r=admin_client.get(f"{u}{k}/{page}/")
                if r.status_code>=500: print("BADPK",m,k,page,r.status_code,repr(r.exc_info[1])[:150])
        if m!="events_enquiry":
          for q in ["published_at=foo","conference=abc","series=abc","sectors=abc,x","day=foo","_popup=1&_to_field=foo","starts_on=2024-99","hero_image=foo","permissions=abc","last_login=foo","groups=abc"]:
            r=admin_client.get(reverse(f"admin:{m}_add")+"?"+q)
            if r.status_code>=500: print("BADADD",m,q,r.status_code,repr(r.exc_info[1])[:150])
    for q in ["","app_label=x","app_label=events&model_name=session&field_name=conference&page=zz","app_label=events&model_name=session&field_name=conference&page=999999999999999","app_label=events&model_name=session&field_name=zz","app_label=events&model_name=session&field_name=title_en","app_label=events&model_name=zz&field_name=title_en","app_label=events&model_name=session&field_name=conference&term=%ff%22(","app_label=events&model_name=session&field_name=conference&term=%22"]:
        r=admin_client.get(reverse("admin:autocomplete")+"?"+q)
        if r.status_code>=500: print("BADAUTO",q,r.status_code,repr(r.exc_info[1])[:150])
    # forms
    for m in ["events_conference","events_session","events_agreement","events_speaker","companies_organization","companies_indicator","events_photo","events_document","events_investmentproject"]:
        add=reverse(f"admin:{m}_add")
        base=form_of(admin_client.get(add))
        for name in list(base):
            for bad in ["\x00","abc","99999999999999999999999999","-1","1e400","nan","Infinity","x"*6000,"2024-02-30"]:
                r=admin_client.post(add,{**base,name:bad})
                if r.status_code>=500: print("BADFORM",m,name,bad[:20],r.status_code,repr(r.exc_info[1])[:200])
