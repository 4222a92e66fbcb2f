using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>Downloads from a server on this machine that misbehaves in every way that is known of.</summary>
public sealed class DatasetStoreTests : IDisposable
{
    private static readonly byte[] s_content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},")));
    private readonly TempFolder _temp = new();

    private string Cache => _temp.File("cache");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_good_file_is_downloaded_once_with_progress_and_then_found()
    {
        using var server = new Server(Answer("200 OK", s_content));
        var shares = new Shares();
        string path = await Store().GetAsync(Entry(server.Url), shares, TestContext.Current.CancellationToken);
        Assert.Equal(Path.Combine(Cache, "numbers.csv"), path);
        Assert.Equal(s_content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(shares.Seen.Order(), shares.Seen);
        Assert.Equal((0, 1), (shares.Seen[0], shares.Seen[^1]));
        Assert.Equal(path, await Store().GetAsync(Entry(server.Url), null, TestContext.Current.CancellationToken));
        Assert.Equal(1, server.Requests);
        Assert.Equal([path], Directory.GetFiles(Cache));
    }

    [Fact]
    public async Task The_folder_of_the_environment_comes_first_and_needs_no_server()
    {
        string given = Directory.CreateDirectory(_temp.File("given")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(given, "numbers.csv"), s_content, TestContext.Current.CancellationToken);
        string path = await new DatasetStore(given, Cache).GetAsync(Entry(null), null, TestContext.Current.CancellationToken);
        Assert.Equal(Path.Combine(given, "numbers.csv"), path);
        Assert.False(Directory.Exists(Cache));
    }

    [Fact]
    public async Task A_file_that_was_changed_is_refused_with_both_sums()
    {
        byte[] changed = [.. s_content];
        changed[1000] ^= 1;
        string given = Directory.CreateDirectory(_temp.File("given")).FullName, file = Path.Combine(given, "numbers.csv");
        await File.WriteAllBytesAsync(file, changed, TestContext.Current.CancellationToken);
        DatasetEntry entry = Entry(null);
        DataFileException refused = await Assert.ThrowsAsync<DataFileException>(() => new DatasetStore(given, Cache).GetAsync(entry));
        Assert.Equal(file, refused.File);
        Assert.Contains(entry.Sha256, refused.Message);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(changed)), refused.Message);
        await File.WriteAllBytesAsync(file, changed[..500], TestContext.Current.CancellationToken);
        refused = await Assert.ThrowsAsync<DataFileException>(() => new DatasetStore(given, Cache).GetAsync(entry));
        Assert.Contains($"should have {s_content.Length} bytes and has 500", refused.Message);
    }

    [Theory]
    [InlineData("another", "the SHA-256 of 'numbers' should be")]
    [InlineData("short", "bytes and has 1000")]
    [InlineData("long", "has at least")]
    [InlineData("broken", "broke off after")]
    [InlineData("missing", "the server answered 404")]
    [InlineData("nobody", "broke off after 0 of")]
    public async Task A_download_that_is_not_the_file_leaves_nothing_behind(string kind, string part)
    {
        byte[] another = [.. s_content];
        another[^1] = (byte)';';
        using var server = new Server(kind switch
        {
            "another" => Answer("200 OK", another),
            "short" => Answer("200 OK", s_content[..1000]),
            "long" => Answer("200 OK", [.. s_content, .. s_content]),
            "broken" => [.. Answer("200 OK", s_content)[..5000]],
            _ => Answer("404 Not Found", Encoding.ASCII.GetBytes("no")),
        });
        if (kind == "nobody") server.Dispose();
        DataFileException refused = await Assert.ThrowsAsync<DataFileException>(() => Store().GetAsync(Entry(server.Url)));
        Assert.Contains(part, refused.Message);
        Assert.Contains(Paths.DataVariable, refused.Remedy);
        Assert.Equal(Path.Combine(Cache, "numbers.csv"), refused.File);
        Assert.Empty(Directory.GetFiles(Cache));
    }

    [Fact]
    public async Task Cancelling_in_the_middle_leaves_nothing_behind()
    {
        // The server sends a part, then waits for ever.
        using var server = new Server([.. Answer("200 OK", s_content)[..50_000]], hang: true);
        using var cancellation = new CancellationTokenSource();
        var shares = new Shares(share => { if (share > 0) cancellation.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store().GetAsync(Entry(server.Url), shares, cancellation.Token));
        Assert.Empty(Directory.GetFiles(Cache));
    }

    [Fact]
    public async Task A_disk_that_refuses_is_named()
    {
        using var server = new Server(Answer("200 OK", s_content));
        // A file stands where the cache's folder should be made.
        _temp.Write("cache", "in the way");
        DataFileException refused = await Assert.ThrowsAsync<DataFileException>(() => Store().GetAsync(Entry(server.Url)));
        Assert.Contains("cannot be stored", refused.Message);
        Assert.Equal("in the way", await File.ReadAllTextAsync(Cache, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_an_address_the_message_says_where_to_get_the_file()
    {
        DataFileException refused = await Assert.ThrowsAsync<DataFileException>(() => Store().GetAsync(Entry(null)));
        Assert.Contains("a test's own", refused.Remedy);
        Assert.Contains(Paths.DataVariable, refused.Remedy);
    }

    private DatasetStore Store() => new(null, Cache);

    private static DatasetEntry Entry(Uri? url) =>
        new("numbers", "numbers.csv", "numbers", "a test's own", "none", url, s_content.Length, Convert.ToHexStringLower(SHA256.HashData(s_content)));

    private static byte[] Answer(string status, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    /// <summary>Reports at once, where Progress of the framework reports later.</summary>
    private sealed class Shares(Action<double>? on = null) : IProgress<double>
    {
        public List<double> Seen { get; } = [];

        public void Report(double value)
        {
            Seen.Add(value);
            on?.Invoke(value);
        }
    }

    /// <summary>Answers every request with the same bytes.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private int _requests;

        public Server(byte[] answer, bool hang = false)
        {
            _listener.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/numbers.csv");
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                    Interlocked.Increment(ref _requests);
                    NetworkStream stream = client.GetStream();
                    await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, _end.Token);
                    await stream.WriteAsync(answer, _end.Token);
                    if (hang) await Task.Delay(Timeout.Infinite, _end.Token);
                }
            });
        }

        public Uri Url { get; }

        public int Requests => _requests;

        public void Dispose()
        {
            _end.Cancel();
            _listener.Stop();
        }
    }
}
