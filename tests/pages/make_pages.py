#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# make_pages.py FOLDER [N [SEED]]: writes N (default 72) web pages NNN.html and what is to be found in each, NNN.json: title, text, date, source.
# Articles are those of data/corpus, and a few lines in other languages; what stands around them is made up here: navigation, cookie
# banners, share buttons, newsletters, related articles, comments, advertisements, footers, in the various habits of markup that news
# sites have. The same call writes the same bytes.
import html
import json
import os
import random
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))

OTHER = [
    ("de", "Stadtrat streitet über den Hafen", ["Der Stadtrat hat am Dienstag bis in die Nacht über den Ausbau des Hafens gestritten. Die Fraktionen konnten sich nicht auf einen Plan einigen.", "Die Bürgermeisterin sprach von einer verlorenen Gelegenheit. Ohne den Ausbau, sagte sie, würden die großen Schiffe künftig nach Norden fahren.", "Die Gegner verwiesen auf die Kosten und auf den Lärm. Im Frühjahr soll erneut abgestimmt werden."]),
    ("fr", "La mairie repousse le vote sur le tramway", ["Le conseil municipal a repoussé mercredi le vote sur la nouvelle ligne de tramway. Les élus demandent une étude de plus.", "« Nous ne voulons pas décider à l’aveugle », a déclaré l’adjointe aux transports, qui attend des chiffres pour l’automne.", "Les commerçants du centre craignent deux années de travaux. Une association de riverains prépare une pétition."]),
    ("es", "La fábrica de chips busca agua", ["La empresa que levantará una fábrica de chips junto al río ha pedido permiso para usar agua del embalse durante los meses de verano.", "Los regantes se oponen. «El agua no llega para todos», dijo su portavoz ante la puerta del ayuntamiento el lunes por la tarde.", "El gobierno regional decidirá antes de fin de año, según un portavoz de la consejería."]),
    ("ru", "Город закрывает старый мост", ["Власти города закроют старый мост на ремонт до конца лета. Водителям придётся ехать в объезд через северный район.", "По словам инженеров, опоры не осматривали больше двадцати лет. Трещины заметили весной, когда сошёл лёд.", "Новый мост обещают построить за три года, но деньги на него пока не выделены."]),
    ("zh", "港口城市讨论新的数据中心", ["市议会周二讨论了在旧港口修建数据中心的计划。支持者说,这将为年轻人带来数百个工作岗位。", "反对者担心用水和用电。一位居民在会上说,夏天的电网已经很紧张,不能再接入这样大的用户。", "议会决定在下个月举行听证会,届时公司必须公布预计的用电量。"]),
    ("ja", "市議会、工場の計画を延期", ["市議会は火曜日、半導体工場の建設計画についての採決を延期した。議員たちは水の使用量についての資料を求めている。", "会社側は、秋までに新しい計画を提出すると説明した。住民の会は、騒音と交通についても調べるよう求めた。", "採決は来年の春になる見通しだと、議長は記者団に話した。"]),
    ("el", "Ο δήμος αναβάλλει την απόφαση για το λιμάνι", ["Το δημοτικό συμβούλιο ανέβαλε την Τρίτη την απόφαση για την επέκταση του λιμανιού. Οι σύμβουλοι ζητούν νέα στοιχεία.", "Η δήμαρχος μίλησε για χαμένη ευκαιρία. Οι κάτοικοι φοβούνται τον θόρυβο και την κίνηση στους δρόμους.", "Η νέα ψηφοφορία θα γίνει την άνοιξη, είπε ο πρόεδρος του συμβουλίου."]),
    ("ar", "المدينة تؤجل قرار الميناء", ["أجل مجلس المدينة يوم الثلاثاء قراره بشأن توسيع الميناء القديم بعد جلسة استمرت حتى منتصف الليل.", "قالت رئيسة البلدية إن السفن الكبيرة ستتجه إلى موانئ أخرى إذا لم تبدأ الأعمال قبل نهاية العام المقبل.", "ويخشى السكان من الضجيج وحركة الشاحنات، ويطالبون بدراسة جديدة قبل التصويت في الربيع."]),
]

SECTIONS = "Home World Politics Business Technology Science Culture Sport Weather Opinion Video Podcasts".split()
HEADLINES = ["Ten places to see before the snow melts", "Minister denies knowing of the letter", "Why your kettle is slower than your neighbour's",
             "Cup final moved to Sunday after storm", "The quiet return of the night train", "Recipe: lentils for a rainy week",
             "House prices fall for the third month", "How a village saved its last shop", "What the new rules mean for renters",
             "Photos: the harbour at dawn", "Quiz: how well do you know the week?", "Bank holds rates, hints at a cut"]
COMMENTS = ["I have lived here for thirty years and never once has anyone asked us what we think about it, which says it all really.",
            "Great article, thanks! Could you follow up on what happened to the earlier plan that was mentioned last spring?",
            "This is complete nonsense. The figures were debunked months ago and nobody bothered to read the report before writing this.",
            "lol", "Agree with the above. My cousin works in the industry and he says the same thing every time we meet.",
            "First!", "Moderators, please remove the comment above, it is the same spam that was posted under yesterday's story as well."]
BIO = "%s has covered courts and companies for the paper since 2009 and lives by the sea with two dogs and far too many books."
COOKIE = "We and our 843 partners store and access information on a device, such as cookies, to give you a better experience. You may accept or manage your choices at any time, including your right to object."
NEWSLETTER = "Sign up to our morning briefing and get the stories that matter, every weekday at seven. By signing up you agree to our terms of service and privacy policy."
LEGAL = "All rights reserved. Reproduction in whole or in part without written permission is prohibited. We are not responsible for the content of external sites."
CAPTION = "The site seen from the northern bank on Monday. Photograph by a staff photographer of this paper."


def link(text, r):
    return f'<a href="/{r.randrange(10**6)}">{html.escape(text)}</a>'


def links(n, r, tag="li"):
    return "".join(f"<{tag}>{link(r.choice(HEADLINES), r)}</{tag}>" for _ in range(n))


def navigation(r, style):
    items = "".join(f"<li>{link(s, r)}</li>" for s in SECTIONS)
    if style == 0:
        return f'<header><a href="/">{site(r)}</a><nav><ul>{items}</ul></nav></header>'
    if style == 1:
        return f'<div id="masthead"><div class="top-menu"><ul>{items}</ul></div><div class="search">Search</div></div>'
    return f'<table width="100%"><tr><td>{" | ".join(link(s, r) for s in SECTIONS)}</td></tr></table>'


def site(r):
    return r.choice(["The Harbour Wire", "Meridian Daily", "Castellan Post", "Bay Herald", "North Quay Times"])


def cookie(r):
    name = r.choice(["cookie-banner", "gdpr-consent", "consent-modal"])
    return f'<div class="{name}"><p>{COOKIE}</p><button>Accept all</button><button>Manage</button></div>'


def share(r):
    return '<div class="social-share"><span>Share</span><ul><li><a href="#">Facebook</a></li><li><a href="#">X</a></li><li><a href="#">Email</a></li></ul></div>'


def related(r, style):
    if style == 0:
        return f'<aside class="related"><h3>Related articles</h3><ul>{links(4, r)}</ul></aside>'
    if style == 1:
        return f'<div class="story-list"><h2>More from this section</h2>{links(5, r, "div")}</div>'
    teasers = "".join(f'<div class="teaser-item"><h3>{link(r.choice(HEADLINES), r)}</h3><p>A short line that tells a little of what the story is about and why it matters.</p></div>' for _ in range(3))
    return f'<section class="recommended-stories"><h2>You may also like</h2>{teasers}</section>'


def comments(r):
    names = ["harbourlad", "Maria K.", "pedant99", "old_salt", "Reader 4411"]
    rows = "".join(f'<li class="item"><b>{r.choice(names)}</b> <span>{r.randrange(1, 23)} hours ago</span><p>{r.choice(COMMENTS)}</p><a href="#">Reply</a></li>' for _ in range(r.randrange(3, 8)))
    return f'<div id="{r.choice(["comments", "disqus_thread", "discussion"])}"><h3>Comments</h3><ol>{rows}</ol></div>'


def advertisement(r):
    return r.choice(['<div class="ad-slot"><span>Advertisement</span></div>', '<div class="advert"><p>Advertisement</p><iframe src="x"></iframe></div>',
                     '<p>Advertisement</p>', '<div class="promo-box"><p>Subscribe today and get three months for the price of one.</p></div>'])


def sidebar(r):
    return (f'<div class="{r.choice(["sidebar", "right-rail", "widget-area"])}"><h4>Most read</h4><ol>{links(5, r)}</ol>'
            f'<div class="newsletter"><h4>Newsletter</h4><p>{NEWSLETTER}</p><form><input type="email"><button>Sign up</button></form></div></div>')


def footer(r, style):
    body = f'<p>{LEGAL}</p><ul>{"".join(f"<li>{link(x, r)}</li>" for x in ["About us", "Contact", "Jobs", "Privacy", "Terms"])}</ul>'
    return f"<footer>{body}</footer>" if style == 0 else f'<div class="footer">{body}<p>Copyright 2024 {site(r)}</p></div>'


def inline(text, r):
    """Escapes, and now and then marks up a few words, as writers do."""
    words = text.split(" ")
    if len(words) > 14 and r.random() < 0.5:
        at, n = r.randrange(3, len(words) - 6), r.randrange(1, 4)
        inner = html.escape(" ".join(words[at:at + n]), quote=False)
        tag = r.choice(['<a href="/x">%s</a>', "<em>%s</em>", "<strong>%s</strong>", "<span>%s</span>"]) % inner
        return " ".join([html.escape(" ".join(words[:at]), quote=False), tag, html.escape(" ".join(words[at + n:]), quote=False)]).strip()
    return html.escape(text, quote=False)


def paragraphs(parts, r, style, extras):
    """The article's body in one of several habits; `extras` go between its parts. Returns markup and the parts that were added."""
    added = []
    out = []
    for i, part in enumerate(parts):
        marked = inline(part, r)
        if style == "p":
            out.append(f"<p>{marked}</p>")
        elif style == "div":
            out.append(f"<div>{marked}</div>")
        elif style == "quote" and i == 1:
            out.append(f"<blockquote><p>{marked}</p></blockquote>")
        elif style == "list" and i == len(parts) - 1:
            halves = [s for s in part.replace(". ", ".\n").split("\n")]
            out.append("<ul>" + "".join(f"<li>{html.escape(h, quote=False)}</li>" for h in halves) + "</ul>")
        elif style == "deep":
            out.append(f'<div class="para"><div><p>{marked}</p></div></div>')
        elif style == "open":
            out.append(f"<p>{marked}")
        elif style != "br":
            out.append(f"<p>{marked}</p>")
        else:
            out.append(marked + "<br><br>")
        if i == 0 and extras and r.random() < 0.6:
            out.append(r.choice(extras))
        if i == 1 and style in ("p", "deep") and r.random() < 0.4:
            out.append(f'<figure><img src="a.jpg"><figcaption>{CAPTION}</figcaption></figure>')
            added.append(CAPTION)
        if i == 2 and style in ("p", "list") and r.random() < 0.4:
            heading = "What happens next"
            if i + 1 < len(parts):
                out.append(f"<h2>{heading}</h2>")
                added.append(heading)
    return "\n".join(out), added


def about(a, r, style):
    """The head's metadata."""
    title, when, where = html.escape(a["title"]), a["date"], html.escape(a["source"])
    if style == 0:
        return (f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{where}">'
                f'<meta property="article:published_time" content="{when}T08:30:00Z">')
    if style == 1:
        data = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"], "headline": a["title"],
                "datePublished": when + "T10:00:00+01:00", "publisher": {"@type": "Organization", "name": a["source"]}}]}
        return f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return f'<meta name="date" content="{when}"><meta name="application-name" content="{where}">'


LAYOUTS = ["article", "main", "divs", "tables", "posts", "sections"]
STYLES = ["p", "div", "br", "quote", "list", "deep", "open"]


def page(a, index, seed):
    r = random.Random(1000 * seed + index)
    layout, style = LAYOUTS[index % len(LAYOUTS)], STYLES[(index * 5 + index // 7) % len(STYLES)]
    parts = a["text"].split("\n\n")
    extras = [advertisement(r), share(r), related(r, 0), '<div class="newsletter-signup"><p>' + NEWSLETTER + "</p></div>"]
    body, added = paragraphs(parts, r, style, extras)
    title, when = html.escape(a["title"]), a["date"]
    byline = f'<div class="byline">By <a href="/staff">A. Writer</a> <time datetime="{when}T07:00:00Z">{when}</time></div>'
    bio = f'<div class="author-bio"><p>{BIO % "A. Writer"}</p></div>'
    after = [share(r), bio, related(r, r.randrange(3)), comments(r) if r.random() < 0.7 else "", '<div class="tags">' + " ".join(link(t, r) for t in ["AI", "Trade", "Chips"]) + "</div>"]
    r.shuffle(after)
    tail = "".join(after)
    if layout == "article":
        middle = f'<main><article class="post"><header><h1>{title}</h1>{byline}</header><div class="entry-content">{body}</div>{tail}</article></main>{sidebar(r)}'
    elif layout == "main":
        middle = f'<div class="layout"><main id="content"><h1>{title}</h1>{byline}{share(r)}{body}{tail}</main>{sidebar(r)}</div>'
    elif layout == "divs":
        middle = f'<div id="wrap"><div id="col1">{sidebar(r)}</div><div id="col2"><h1>{title}</h1>{byline}<div>{body}</div>{tail}</div></div>'
    elif layout == "tables":
        middle = f'<table><tr><td width="160">{sidebar(r)}</td><td><h1>{title}</h1><font size="2">{body}</font></td><td>{related(r, 1)}</td></tr></table>{tail}'
    elif layout == "posts":
        middle = f'<div class="page has-sidebar comments-open"><div class="post hentry"><h1>{title}</h1><div class="articleBody">{body}</div></div>{tail}{sidebar(r)}</div>'
    else:
        middle = f'<section><h1>{title}</h1>{byline}</section><section class="c-body"><div class="c-text">{body}</div></section><section>{tail}</section>'
    surround = index % 3
    lang = a.get("lang", "en")
    return a["title"], "\n\n".join(parts + added), (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title} | {html.escape(a["source"])}</title>{about(a, r, surround)}'
        f'<style>.x{{color:red}}</style><script>var a = "<p>not text</p>";</script></head>\n<body>{cookie(r)}{navigation(r, surround)}\n'
        f'{middle}\n{footer(r, index % 2)}<script>track("page view of a script that is quite long");</script></body></html>\n')


def bare(markup, r):
    """The same page as frameworks write it: names of classes say nothing, and every section is a div."""
    names = {}
    
    def rename(match):
        name = names.setdefault(match.group(2), f"css-{r.randrange(16**6):06x}")
        return f'class="{name}"'

    markup = re.sub(r'(class|id)="([^"]*)"', rename, markup)
    return re.sub(r"<(/?)(?:article|main|nav|aside|footer|header|section)\b", r"<\1div", markup)


def articles(n, seed):
    with open(os.path.join(here, "..", "..", "data", "corpus", "tech_policy.jsonl"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    english = rows[seed::(len(rows) - seed) // n][:n]
    for i, (lang, title, parts) in enumerate(OTHER):
        english[4 + i * (n // len(OTHER))] = {"title": title, "text": "\n\n".join(parts), "date": f"2023-04-{10 + i}", "source": "Bay Herald", "lang": lang}
    return english


def main():
    folder, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 72
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    os.makedirs(folder, exist_ok=True)
    for i, a in enumerate(articles(n, seed)):
        title, text, markup = page(a, i, seed)
        if i % 4 == 3:
            markup = bare(markup, random.Random(i))
        with open(os.path.join(folder, f"{i:03}.html"), "w", encoding="utf-8") as file:
            file.write(markup)
        with open(os.path.join(folder, f"{i:03}.json"), "w", encoding="utf-8") as file:
            json.dump({"title": title, "text": text, "date": a["date"], "source": a["source"]}, file, ensure_ascii=False)


if __name__ == "__main__":
    main()
