using System.Net;
using System.Net.Sockets;
using System.Text;
using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Serve;

/// <summary>The server asked over HTTP as a page, a stranger and an attacker would.</summary>
public class ReportServerTests
{
    private const string RunFirst = "{\"notebooks\":[\"00-a\"]}";

    [Fact]
    public async Task The_printed_address_gives_a_cookie_and_leaves_the_token_behind()
    {
        await using ServedReport served = ServedReport.Start();
        (HttpStatusCode status, _, var headers) = await served.SendAsync("GET", new Uri(served.Guard.Address).PathAndQuery, change: r => r.Headers.Remove("Cookie"));
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (status, headers.Location!.OriginalString));
        string cookie = Assert.Single(headers.GetValues("Set-Cookie"));
        Assert.Contains("HttpOnly", cookie);
        Assert.Contains("SameSite=Strict", cookie);
        (status, string page, headers) = await served.SendAsync("GET", "/", change: r =>
        {
            r.Headers.Remove("Cookie");
            r.Headers.Add("Cookie", cookie.Split(';')[0]);
        });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("report</body>", page);
        Assert.Contains("/-/serve.js", page);
        Assert.DoesNotContain("serve.js", File.ReadAllText(Path.Combine(served.Folder, "index.html")));
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/-/state")]
    [InlineData("GET", "/-/events")]
    [InlineData("POST", "/-/run")]
    [InlineData("POST", "/-/cancel")]
    public async Task Without_the_token_nothing_is_shown_or_executed(string method, string path)
    {
        await using ServedReport served = ServedReport.Start();
        string? body = method == "POST" ? RunFirst : null;
        var without = await served.SendAsync(method, path, body, r => r.Headers.Remove("Cookie"));
        Assert.Equal(HttpStatusCode.Unauthorized, without.Status);
        Assert.Contains("researchkit serve", without.Text);
        string wrong = served.Guard.Cookie.Split(';')[0];
        wrong = wrong[..^1] + (wrong[^1] == '0' ? '1' : '0');
        Assert.Equal(HttpStatusCode.Forbidden, (await served.SendAsync(method, path, body, r =>
        {
            r.Headers.Remove("Cookie");
            r.Headers.Add("Cookie", wrong);
        })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await served.SendAsync(method, path + "?token=", body)).Status);
        Assert.Empty(served.Ran);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_name_that_resolves_here_is_turned_away(string host)
    {
        await using ServedReport served = ServedReport.Start();
        foreach (string full in new[] { host, $"{host}:1" })
        {
            var answer = await served.SendAsync("POST", "/-/run", RunFirst, r => r.Headers.Host = full);
            // Some platforms' listeners refuse before our guard does.
            Assert.Contains(answer.Status, new[] { HttpStatusCode.MisdirectedRequest, HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
        }
        Assert.Empty(served.Ran);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("https://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_post_from_another_page_is_turned_away(string? origin)
    {
        await using ServedReport served = ServedReport.Start();
        foreach (string path in new[] { "/-/run", "/-/cancel" })
            Assert.Equal(HttpStatusCode.Forbidden, (await served.SendAsync("POST", path, RunFirst, r =>
            {
                r.Headers.Remove("Origin");
                if (origin is not null) r.Headers.Add("Origin", origin);
            })).Status);
        Assert.Empty(served.Ran);
    }

    [Theory]
    [InlineData("GET /../secret.txt")]
    [InlineData("GET /..%2fsecret.txt")]
    [InlineData("GET /%2e%2e/secret.txt")]
    [InlineData("GET /..%5csecret.txt")]
    [InlineData("GET //secret.txt")]
    [InlineData("GET /x/../../secret.txt")]
    [InlineData("GET /link.txt")]
    [InlineData("GET /.hidden.txt")]
    [InlineData("GET /program.dll")]
    [InlineData("GET /index.html%00.txt")]
    public async Task Only_files_of_the_report_are_given_out(string line)
    {
        await using ServedReport served = ServedReport.Start();
        served.Cli.Write("notebooks/secret.txt", "secret");
        served.Cli.Write("notebooks/report/.hidden.txt", "secret");
        served.Cli.Write("notebooks/report/program.dll", "secret");
        File.CreateSymbolicLink(Path.Combine(served.Folder, "link.txt"), served.Cli.Path("notebooks", "secret.txt"));
        // By hand, since clients tidy a path before they send it.
        string answer = await RawAsync(served, $"{line} HTTP/1.1\r\nHost: {served.Guard.Origin[7..]}\r\nCookie: {served.Guard.Cookie.Split(';')[0]}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 4", answer);
        Assert.DoesNotContain("secret", answer);
    }

    [Fact]
    public async Task A_run_is_reported_and_excludes_another()
    {
        await using ServedReport served = ServedReport.Start();
        Assert.Equal(HttpStatusCode.Accepted, (await served.SendAsync("POST", "/-/run", RunFirst)).Status);
        string state = await served.UntilAsync("\"cell\":1");
        Assert.Contains("\"running\":true,\"notebook\":\"00-a\",\"position\":1,\"count\":1,\"cell\":1,\"cells\":2", state);
        Assert.Equal(HttpStatusCode.Conflict, (await served.SendAsync("POST", "/-/run", "{\"notebooks\":[\"01-b\"]}")).Status);
        served.Finish.SetResult();
        Assert.Contains("\"message\":null", await served.UntilAsync("\"finished\":1"));
        Assert.Equal(["00-a"], served.Ran);
        Assert.Equal(HttpStatusCode.Accepted, (await served.SendAsync("POST", "/-/run", "{\"notebooks\":[]}")).Status);
        await served.UntilAsync("\"finished\":2");
        Assert.Equal(["00-a", "00-a", "01-b"], served.Ran);
    }

    [Fact]
    public async Task Many_requests_at_once_start_one_run()
    {
        await using ServedReport served = ServedReport.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => served.SendAsync("POST", "/-/run", RunFirst)));
        Assert.Equal(1, answers.Count(a => a.Status == HttpStatusCode.Accepted));
        Assert.Equal(19, answers.Count(a => a.Status == HttpStatusCode.Conflict));
        Assert.Equal(["00-a"], served.Ran);
    }

    [Fact]
    public async Task A_cancelled_run_ends_without_the_notebooks_after_it()
    {
        await using ServedReport served = ServedReport.Start();
        Assert.Equal(HttpStatusCode.Conflict, (await served.SendAsync("POST", "/-/cancel")).Status);
        await served.SendAsync("POST", "/-/run", "{\"notebooks\":[]}");
        await served.UntilAsync("\"cell\":1");
        Assert.Equal(HttpStatusCode.Accepted, (await served.SendAsync("POST", "/-/cancel")).Status);
        Assert.Contains("Cancelled", await served.UntilAsync("\"running\":false"));
        Assert.Equal(["00-a"], served.Ran);
    }

    [Fact]
    public async Task Events_tell_of_start_cell_and_end()
    {
        await using ServedReport served = ServedReport.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/-/events");
        request.Headers.Add("Cookie", served.Guard.Cookie.Split(';')[0]);
        using HttpResponseMessage response = await served.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Contains("\"running\":false", await NextAsync(lines, "data"));
        await served.SendAsync("POST", "/-/run", RunFirst);
        await NextAsync(lines, "\"cell\":1");
        served.Finish.SetResult();
        await NextAsync(lines, "\"finished\":1");
    }

    [Theory]
    [InlineData("{\"notebooks\":[\"00-a\", \"no\"]}", HttpStatusCode.NotFound)]
    [InlineData("{\"notebooks\":[\"../00-a\"]}", HttpStatusCode.NotFound)]
    [InlineData("{\"notebooks\":[null]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"notebooks\":[7]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"notebooks\":7}", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task A_body_that_names_no_notebooks_starts_nothing(string body, HttpStatusCode expected)
    {
        await using ServedReport served = ServedReport.Start();
        Assert.Equal(expected, (await served.SendAsync("POST", "/-/run", body)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await served.SendAsync("POST", "/-/run", new string(' ', 20000) + RunFirst)).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await served.SendAsync("POST", "/-/run", RunFirst, r => r.Content = new StringContent(RunFirst, Encoding.UTF8, "text/plain"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await served.SendAsync("POST", "/index.html", RunFirst)).Status);
        Assert.Empty(served.Ran);
    }

    [Fact]
    public void The_guard_refuses_on_each_ground_alone()
    {
        var guard = new RequestGuard(81);
        string token = guard.Address.Split('=')[1];
        var good = new RequestFacts("POST", "127.0.0.1:81", "http://127.0.0.1:81", null, token);
        Assert.Null(guard.Refusal(good));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, guard.Refusal(good with { Host = "evil.example:81" })!.Value.Status);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, guard.Refusal(good with { Host = null })!.Value.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, guard.Refusal(good with { Cookie = null })!.Value.Status);
        Assert.Equal(HttpStatusCode.Forbidden, guard.Refusal(good with { Cookie = token[1..] })!.Value.Status);
        Assert.Equal(HttpStatusCode.Forbidden, guard.Refusal(good with { Token = "" })!.Value.Status);
        Assert.Equal(HttpStatusCode.Forbidden, guard.Refusal(good with { Origin = "http://127.0.0.1:82" })!.Value.Status);
        Assert.NotEqual(token, new RequestGuard(81).Address.Split('=')[1]);
    }

    private static async Task<string> NextAsync(StreamReader lines, string with)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await lines.ReadLineAsync(limit.Token) is { } line)
            if (line.Contains(with, StringComparison.Ordinal)) return line;
        throw new EndOfStreamException($"No event with {with}.");
    }

    private static async Task<string> RawAsync(ServedReport served, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(served.Guard.Origin).Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
