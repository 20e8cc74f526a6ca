"""How the page of a backtest looks: light, dark, on paper. No font and no picture comes from elsewhere."""

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b2733;--pale:#5a6672;--line:#d5dbe1;
--offered:#0f6b57;--recommended:#3fa58c;--tandem:#2f6fb3;--reviewed:#d9a21b;--kept:#a9b2bb;--all:#cfd6dd}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaee;--pale:#a3adb7;--line:#343c45;
--offered:#3cc2a0;--recommended:#8fe0cb;--tandem:#6aaaf0;--reviewed:#e8bd4f;--kept:#5d6771;--all:#3b444d}}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Helvetica,Arial,sans-serif}
main{max-width:860px;margin:0 auto;padding:24px 16px}
h1{font-size:1.7rem;line-height:1.25}
h2{font-size:1.25rem;margin:2.2em 0 .3em;border-top:2px solid var(--line);padding-top:.8em}
.lead{font-size:1.1rem}.fact b{font-size:1.5rem}.note,footer{color:var(--pale);font-size:.9rem}
svg{width:100%;height:auto;display:block;margin:.6em 0}
svg text{fill:var(--ink);font-size:13px}svg text.small{font-size:11px;fill:var(--pale)}
svg .axis{stroke:var(--line)}
.offered{fill:var(--offered);background:var(--offered)}
.recommended{fill:var(--recommended);background:var(--recommended)}
.tandem{fill:var(--tandem);background:var(--tandem)}.reviewed{fill:var(--reviewed);background:var(--reviewed)}
.kept{fill:var(--kept);background:var(--kept)}.all{fill:var(--all);background:var(--all)}
.go{fill:var(--offered);background:var(--offered)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.85rem;margin:.4em 0}
.key i{display:inline-block;width:12px;height:12px;margin-right:5px;vertical-align:-1px}
table{border-collapse:collapse;width:100%;font-size:.82rem;margin:.6em 0}
th,td{text-align:left;vertical-align:top;padding:3px 6px;border-bottom:1px solid var(--line)}
th{font-weight:600}td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--pale:#333;--line:#bbb;
--offered:#0f6b57;--recommended:#3fa58c;--tandem:#2f6fb3;--reviewed:#d9a21b;--kept:#a9b2bb;--all:#cfd6dd}
body{font-size:11pt}main{max-width:none;padding:0}svg,tr,.legend{break-inside:avoid}h2,h2+p{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""
"""The page's only style sheet."""
