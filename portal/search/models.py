"""The tables of the index. What only one of the databases has beside them is made in `installing`."""

from django.db import models


class LexemesField(models.TextField):
    """The words of a document with their weights: a `tsvector` on PostgreSQL; elsewhere an empty text, because the
    words stand in a table of their own."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)


class Document(models.Model):
    """A record as it can be found."""

    id = models.BigAutoField(primary_key=True)  # never by itself: `Kind.key_of` its record
    kind = models.PositiveSmallIntegerField()
    record_id = models.BigIntegerField()
    public_from = models.DateTimeField(null=True)  # visitors may find it from then on; None: never
    review_at = models.DateTimeField(null=True, db_index=True)  # when a name it is found by becomes public
    dated = models.CharField(max_length=10)
    names = models.TextField()  # the keys of its title and names, each between line breaks
    related = models.JSONField(default=list)  # the names of what it has to do with: [language, text]
    words = LexemesField(default="")
    weighty_words = LexemesField(default="")  # those that are ranked: all but long texts and sounds
    words_for_staff = LexemesField(default="")  # where previews find it by more than visitors do

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="search_document_is_of_one_record"),
        ]

    def __str__(self):
        return f"{self.kind}: {self.record_id}"


class Waiting(models.Model):
    """A row of the database that was changed since its documents were indexed. Triggers write these."""

    source = models.CharField(max_length=63)  # its table
    key = models.BigIntegerField()
    is_document = models.BooleanField(default=False)  # only its own document is out of date, not those of others

    def __str__(self):
        return f"{self.source} {self.key}"


class Variant(models.Model):
    """A word of a title with some letters left out, to find it by when it is misspelt (`spelling`)."""

    variant = models.CharField(max_length=40)
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "word"], name="search_variant_is_kept_once"),
        ]

    def __str__(self):
        return f"{self.variant}: {self.word}"
