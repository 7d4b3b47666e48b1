"""The district's pages in the sitemap (`portal.sitemaps`), besides those of its records."""

from portal.sitemaps import lists

lists("companies:companies", "companies:district")
