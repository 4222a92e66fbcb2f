using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace ResearchKit.Notebooks;

/// <summary>
/// Provides real data files: from the folder that <see cref="Paths.DataVariable"/> names, else from a cache, else from the
/// network into the cache. No file is given out whose size or SHA-256 differs from the catalogue's.
/// </summary>
/// <param name="folder">The folder that is looked in first and never written to; null for none.</param>
/// <param name="cache">Where downloads are kept; made when needed.</param>
/// <param name="client">For downloads; one of its own, without limits of time, when null.</param>
public sealed class DatasetStore(string? folder, string cache, HttpClient? client = null)
{
    private const int Block = 1 << 16;

    private static readonly Lazy<HttpClient> s_client = new(() => new HttpClient { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>The usual one: the data folder of the environment, and datasets/cache.</summary>
    public static DatasetStore Default => new(Paths.DataFolder, Path.Combine(Paths.Datasets, "cache"));

    /// <summary>Where the file of an entry lies, unverified; null if it is in neither folder.</summary>
    /// <param name="entry">The data set.</param>
    public string? Find(DatasetEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new[] { folder, cache }.OfType<string>().Select(f => Path.Combine(f, entry.File)).FirstOrDefault(File.Exists);
    }

    /// <summary>A verified file of the data set: found, or downloaded.</summary>
    /// <param name="entry">The data set.</param>
    /// <param name="progress">Receives the share of the download, 0 to 1.</param>
    /// <param name="cancel">Stops reading and download; no partial file stays.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="DataFileException">The file differs from the catalogue's, no place to download it from is known, or download or disk fail.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<string> GetAsync(DatasetEntry entry, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        if (Find(entry) is { } found)
        {
            await VerifyAsync(entry, found, cancel).ConfigureAwait(false);
            return found;
        }

        string path = Path.Combine(cache, entry.File);
        if (entry.Url is null)
            throw new DataFileException(path, $"the data set '{entry.Name}' is not here, and no address of exactly this file is known",
                $"Get it ({entry.Source}) and put it into a folder that the environment variable {Paths.DataVariable} names.");
        try
        {
            await SafeFile.WriteAsync(path, stream => DownloadAsync(entry, path, stream, progress, cancel)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException and not DataFileException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, "the download cannot be stored (" + e.Message.TrimEnd('.') + ")", "Check the folder's permissions and the free space; no partial file was left.", inner: e);
        }

        return path;
    }

    /// <summary>Compares a file with the catalogue.</summary>
    /// <param name="entry">The data set.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="DataFileException">Size or SHA-256 differ: names the file, what was expected and what was found.</exception>
    public static async Task VerifyAsync(DatasetEntry entry, string path, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string remedy = $"Replace it by the file that the catalogue means ({entry.Source}), or delete it{(entry.Url is null ? "" : " and let it be downloaded")}.";
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Block, useAsync: true);
            if (stream.Length != entry.Bytes) throw WrongSize(entry, path, stream.Length, remedy);
            byte[] sum = await SHA256.HashDataAsync(stream, cancel).ConfigureAwait(false);
            Compare(entry, path, sum, remedy);
        }
        catch (Exception e) when (e is IOException and not DataFileException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, "the file cannot be read (" + e.Message.TrimEnd('.') + ")", "Check its permissions.", inner: e);
        }
    }

    private async Task DownloadAsync(DatasetEntry entry, string path, Stream target, IProgress<double>? progress, CancellationToken cancel)
    {
        string again = $"Try again; if it happens again, the file at {entry.Url} is no longer the one of the catalogue: get it elsewhere ({entry.Source}) and name its folder by {Paths.DataVariable}.";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long received = 0;
        byte[] block = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            progress?.Report(0);
            using HttpResponseMessage response = await Receiving(() => (client ?? s_client.Value).GetAsync(entry.Url, HttpCompletionOption.ResponseHeadersRead, cancel)).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new DataFileException(path, $"the server answered {(int)response.StatusCode} ({response.ReasonPhrase}) for {entry.Url}", again);
            await using Stream source = await Receiving(() => response.Content.ReadAsStreamAsync(cancel)).ConfigureAwait(false);
            while (await Receiving(() => source.ReadAsync(block, 0, block.Length, cancel)).ConfigureAwait(false) is > 0 and int count)
            {
                received += count;
                // Nothing is gained by more: it is another file.
                if (received > entry.Bytes) throw WrongSize(entry, path, received, again, more: true);
                hash.AppendData(block, 0, count);
                await target.WriteAsync(block.AsMemory(0, count), cancel).ConfigureAwait(false);
                progress?.Report((double)received / entry.Bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        if (received != entry.Bytes) throw WrongSize(entry, path, received, again);
        Compare(entry, path, hash.GetHashAndReset(), again);

        // What the network does wrong must not look like a fault of the disk.
        async Task<T> Receiving<T>(Func<Task<T>> step)
        {
            try
            {
                return await step().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new DataFileException(path, string.Create(CultureInfo.InvariantCulture, $"the download of {entry.Url} broke off after {received} of {entry.Bytes} bytes ({e.Message.TrimEnd('.')})"), again, inner: e);
            }
        }
    }

    private static void Compare(DatasetEntry entry, string path, byte[] sum, string remedy)
    {
        string found = Convert.ToHexStringLower(sum);
        if (!found.Equals(entry.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new DataFileException(path, $"the SHA-256 of '{entry.Name}' should be {entry.Sha256.ToLowerInvariant()} and is {found}", remedy);
    }

    private static DataFileException WrongSize(DatasetEntry entry, string path, long found, string remedy, bool more = false) =>
        new(path, string.Create(CultureInfo.InvariantCulture, $"'{entry.Name}' should have {entry.Bytes} bytes and has {(more ? "at least " : "")}{found}"), remedy);
}
