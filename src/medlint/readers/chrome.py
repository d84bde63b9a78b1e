"""Tells which elements are a site's chrome: navigation, page header and footer, consent banner.

Chrome is copy, but says nothing of what the page around it is about. It is known by the element, by its role, and by
the whole names that people and tools give it: `site-footer`, never the "menu" in `menu-of-treatments`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

# What begins with an element: chrome, chrome that ends where the page's main heading stands, the page's own content, or
# nothing new.
Frame = Literal["", "chrome", "header", "content"]


class Signs(NamedTuple):
    """What an element says of itself: its name, its role, and what stands in `id` and `class`."""

    name: str
    role: str = ""
    named: str = ""

    @property
    def is_section(self) -> bool:
        """Whether headers and footers inside it are its own and not the page's."""
        return self.name in _SECTIONS or self.role in _SECTION_ROLES


def frame(signs: Signs, *, in_section: bool) -> Frame:
    """What begins with an element; `in_section` when it stands in something with headers and footers of its own."""
    name, role, named = signs
    if "main" in (name, role):
        return "content"
    if name not in CARRIERS:
        return ""
    names = _names(named)
    if names & _NAMES or role in ("navigation", "contentinfo") or (name == "nav" and not role):
        return "chrome"
    if role == "banner":
        return "header"
    if in_section or name == "section":
        return ""
    if name == "header" and not role:  # another role says that it is something else
        return "header"
    return "chrome" if (name == "footer" and not role) or names & _NAMES_OF_PAGES else ""


# Not <body>, whose names tell what is open on the page, nor <article>, which holds the page's own content.
CARRIERS = frozenset(
    ("aside", "details", "dialog", "div", "footer", "form", "header", "nav", "ol", "p", "section", "ul")
)
_SECTIONS = frozenset(("article", "aside", "blockquote", "dialog", "figure", "main", "nav", "section"))
_SECTION_ROLES = frozenset(("article", "complementary", "main", "navigation", "region"))


@lru_cache(4096)
def _names(named: str) -> frozenset[str]:
    """The names in the one spelling of the lists below: `siteHeader`, `site_header` and `site-header` are one."""
    return frozenset(name.replace("-", "").replace("_", "") for name in named.lower().split())


def _name_list(names: str) -> frozenset[str]:
    return frozenset(name.replace("-", "") for name in names.split())


# Names that mean nothing else, wherever they stand.
_CONSENT_NAMES = """
    cookie-alert cookie-banner cookie-banner-wrapper cookie-bar cookie-box cookie-consent cookie-consent-banner
    cookie-container cookie-dialog cookie-disclaimer cookie-info cookie-law cookie-law-info-bar cookie-message
    cookie-modal cookie-notice cookie-notification cookie-overlay cookie-popup cookie-preferences cookie-settings
    cookie-warning cookies-banner cookies-bar cookies-consent cookies-message cookies-modal cookies-notice cookies-popup
    gdpr-banner gdpr-bar gdpr-consent gdpr-cookie gdpr-cookie-notice gdpr-message gdpr-modal gdpr-notice gdpr-popup
    consent-banner consent-banner-root consent-bar consent-dialog consent-manager consent-modal consent-popup
    privacy-banner privacy-popup ccpa-banner ccpa-notice

    onetrust onetrust-banner-sdk onetrust-consent-sdk onetrust-pc-sdk
    cookiebot cybot-cookiebot-dialog cybot-cookiebot-dialog-body cookiebanner
    cc-window cc-banner cc-main cc-div cc-cookies cookieconsent
    cmplz-cookiebanner cmplz-cookiebanner-container cmplz-manage-consent
    cky-consent-container cky-consent-bar cky-modal cky-preference-center
    borlabs-cookie borlabs-cookie-box moove-gdpr-cookie-info-bar moove-gdpr-cookie-modal
    usercentrics-root usercentrics-cmp-ui didomi-host didomi-notice didomi-popup qc-cmp2-container qc-cmp2-ui
    truste-consent-track consent-blackbar iubenda-cs-banner klaro tarteaucitron-root cookiefirst-root axeptio-overlay
    termly-consent-banner osano-cm-window osano-cm-dialog hs-eu-cookie-confirmation shopify-pc-banner
    sqs-cookie-banner sqs-cookie-banner-v2 cookiehub-dialog ch2-container ch2-dialog
"""
_SITE_NAMES = """
    site-header site-footer site-nav site-navigation site-menu site-topbar site-branding
    global-header global-footer global-nav globalnav main-header main-footer main-nav main-navigation main-menu
    primary-nav primary-navigation primary-menu secondary-nav secondary-menu mobile-nav mobile-menu mega-menu megamenu
    off-canvas-menu offcanvas-menu footer-nav footer-menu footer-widgets header-nav header-menu header-navigation
    nav-bar navbar nav-menu navmenu navigation-menu top-nav topnav side-nav sidenav breadcrumb breadcrumbs
    breadcrumb-nav skip-links announcement-bar elementor-location-header elementor-location-footer
    et-l--header et-l--footer w-nav w-nav-menu shopify-section-header shopify-section-footer
    shopify-section-group-header-group shopify-section-group-footer-group
"""
_NAMES = _name_list(_CONSENT_NAMES) | _name_list(_SITE_NAMES)
# Names that may be about the copy inside an article or of a section: "Informed consent", a price menu.
_NAMES_OF_PAGES = _name_list(
    "cookie cookies consent gdpr menu nav navigation header footer masthead colophon topbar top-bar"
)
