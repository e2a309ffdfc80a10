using System.Security.Cryptography;
using System.Text;

namespace ECommerce.Features.Invoices.Printing;

/// <summary>The stylesheet of the page of a document: for screens of any width, and for paper of the size A4.</summary>
internal static class PageStyle
{
    public const string Css = """
        @page{size:A4;margin:15mm}
        body{font:14px/1.4 system-ui,sans-serif;color:#111;background:#fff;max-width:54rem;margin:2rem auto;
        padding:0 1rem;overflow-wrap:anywhere}
        h1{font-size:1.4rem;margin:0 0 .8rem}h2{font-size:.8rem;text-transform:uppercase;color:#555;margin:0 0 .3rem}
        p{margin:.1rem 0}.name{font-weight:600}small,.note{color:#555;font-size:.85em}.note{margin-top:2rem}
        .parties{display:flex;flex-wrap:wrap;gap:1rem 2rem;margin-top:1.2rem}
        .parties section{flex:1 1 16rem;border:1px solid #bbb;padding:.6rem .8rem}
        table{border-collapse:collapse;width:100%;margin-top:1.2rem}
        th,td{padding:.3rem .5rem;border-bottom:1px solid #bbb;text-align:left;vertical-align:top}
        th{border-bottom:2px solid #555;font-size:.85em}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        dl{display:grid;grid-template-columns:auto auto;justify-content:end;gap:.2rem 2rem;margin:1rem .5rem;
        break-inside:avoid}
        dt,dd{margin:0}dd{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .total{font-size:1.15rem;font-weight:600}
        @media print{body{margin:0;padding:0;max-width:none;font-size:10pt}thead{display:table-header-group}
        tr,section{break-inside:avoid}}
        """;

    /// <summary>Nothing is loaded and nothing runs; only the page's own stylesheet applies.</summary>
    public static string ContentSecurityPolicy { get; } =
        "default-src 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
