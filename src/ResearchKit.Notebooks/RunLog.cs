using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace ResearchKit.Notebooks;

/// <summary>
/// What another reader needs to judge and repeat a run: seed, version, runtime, processor, vector width, seconds, date.
/// Start it in a notebook's first cell and show it in the last.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class RunLog : INotebookHtml
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<(string Name, string Value)> _more = [];

    private RunLog(long seed) => Seed = seed;

    /// <summary>The run's seed.</summary>
    public long Seed { get; }

    /// <summary>Seconds since the start, at the moment of asking.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Version of the library.</summary>
    public static string Version =>
        (typeof(RunLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];

    /// <summary>Bits that one vector instruction takes here: 512, 256, 128, or 64 without vectors.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    /// <summary>The processor's own name where it tells it (x86); else its architecture.</summary>
    public static string Processor
    {
        get
        {
            const int First = unchecked((int)0x80000002), Last = unchecked((int)0x80000004);
            if (!X86Base.IsSupported || unchecked((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax) < unchecked((uint)Last))
                return RuntimeInformation.ProcessArchitecture.ToString();
            var name = new byte[48];
            for (int leaf = First, at = 0; leaf <= Last; leaf++)
            {
                var (a, b, c, d) = X86Base.CpuId(leaf, 0);
                foreach (int word in new[] { a, b, c, d })
                {
                    BinaryPrimitives.WriteInt32LittleEndian(name.AsSpan(at), word);
                    at += 4;
                }
            }

            string text = Encoding.ASCII.GetString(name).TrimEnd('\0');
            return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>Starts the clock.</summary>
    /// <param name="seed">The run's seed.</param>
    public static RunLog Start(long seed) => new(seed);

    /// <summary>Adds a line of the notebook's own, such as its mode.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This log.</returns>
    public RunLog Note(string name, object value)
    {
        _more.Add((name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        return this;
    }

    /// <summary>The log as a table of two columns, with the seconds up to now.</summary>
    public Table ToTable()
    {
        (string Name, string Value)[] rows =
        [
            ("seed", Seed.ToString(CultureInfo.InvariantCulture)),
            ("ResearchKit", Version),
            ("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}"),
            ("processor", Processor),
            ("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            ("vector width", $"{VectorBits} bit"),
            .. _more,
            ("seconds", Seconds.ToString("0.0", CultureInfo.InvariantCulture)),
            ("date", DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
        ];
        return Table.Of(("run", rows.Select(r => r.Name)), ("", rows.Select(r => r.Value)));
    }

    /// <summary>The table as HTML.</summary>
    public string ToHtml() => ToTable().ToHtml();

    /// <summary>The table as text.</summary>
    public override string ToString() => ToTable().ToString();
}
