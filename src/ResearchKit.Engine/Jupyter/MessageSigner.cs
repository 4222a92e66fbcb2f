using System.Security.Cryptography;
using System.Text;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Signs messages by HMAC-SHA256 and accepts each correctly signed one once.</summary>
/// <remarks>
/// A signature that was seen is refused, as ipykernel does: who can listen on the wire cannot
/// have a cell executed again. <see cref="Accept"/> is for one thread.
/// </remarks>
internal sealed class MessageSigner(string key)
{
    /// <summary>How many signatures are remembered, as in ipykernel.</summary>
    public const int Remembered = 65536;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>The signature of four parts, as lower-case hexadecimal text.</summary>
    public byte[] Sign(byte[] header, byte[] parent, byte[] metadata, byte[] content) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Digest(header, parent, metadata, content)));

    /// <summary>True if the signature is that of the parts and was not seen before.</summary>
    public bool Accept(ReadOnlySpan<byte> signature, byte[] header, byte[] parent, byte[] metadata, byte[] content)
    {
        var digest = Digest(header, parent, metadata, content);
        // Constant time: how long a refusal takes must not tell how much of a guess was right.
        if (!CryptographicOperations.FixedTimeEquals(signature, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest))))
            return false;
        var mark = new UInt128(BitConverter.ToUInt64(digest, 0), BitConverter.ToUInt64(digest, 8));
        if (!_seen.Add(mark))
            return false;
        _order.Enqueue(mark);
        if (_order.Count > Remembered)
            _seen.Remove(_order.Dequeue());
        return true;
    }

    private byte[] Digest(params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
            hash.AppendData(part);
        return hash.GetHashAndReset();
    }
}
