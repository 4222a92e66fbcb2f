using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ResearchKit.Cli;

/// <summary>What the guard looks at of a request.</summary>
/// <param name="Method">GET, POST or other.</param>
/// <param name="Host">The Host header.</param>
/// <param name="Origin">The Origin header; null if there is none.</param>
/// <param name="Token">The token in the address; null if there is none.</param>
/// <param name="Cookie">The token in the cookie; null if there is none.</param>
internal sealed record RequestFacts(string Method, string? Host, string? Origin, string? Token, string? Cookie);

/// <summary>
/// Lets in only the reader to whom the address with the token was shown. The server runs notebooks, which is to run any code:
/// other users of the machine, other pages in the reader's browser and names that resolve to the loopback address stay out.
/// </summary>
internal sealed class RequestGuard(int port)
{
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>Scheme, address and port, without a slash at the end.</summary>
    public string Origin { get; } = $"http://{IPAddress.Loopback}:{port}";

    /// <summary>What the reader opens first.</summary>
    public string Address => $"{Origin}/?token={_token}";

    /// <summary>Cookies do not tell ports apart, so two servers need two names.</summary>
    public string CookieName { get; } = $"researchkit-{port}";

    /// <summary>Sent with the first answer: no script reads it, no other site makes the browser send it.</summary>
    public string Cookie => $"{CookieName}={_token}; Path=/; HttpOnly; SameSite=Strict";

    /// <summary>The status and the reason to refuse a request with; null to answer it.</summary>
    public (HttpStatusCode Status, string Reason)? Refusal(RequestFacts request)
    {
        // A name of somebody else's that points here (DNS rebinding) would make the browser take their page for ours.
        if (request.Host != Origin["http://".Length..])
            return (HttpStatusCode.MisdirectedRequest, $"This server answers to {Origin} alone.");
        if (request.Token is null && request.Cookie is null)
            return (HttpStatusCode.Unauthorized, "Open the address with the token that 'researchkit serve' printed.");
        if (!IsToken(request.Token ?? request.Cookie!))
            return (HttpStatusCode.Forbidden, "The token is of another server. Open the address that 'researchkit serve' printed last.");
        if (request.Method is not ("GET" or "HEAD") && request.Origin != Origin)
            return (HttpStatusCode.Forbidden, "Runs are started from the report's own pages.");
        return null;
    }

    /// <summary>Takes the same time wherever the first difference is.</summary>
    private bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(_token));
}
