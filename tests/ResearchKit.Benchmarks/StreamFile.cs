using System.Globalization;
using ResearchKit.Cli;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>A large table of three columns, and the plain ways to read it.</summary>
internal static class StreamFile
{
    private static readonly CsvShape Shape = new(',', true, ["x", "y", "z"]);

    /// <summary>x and y uniform on [-1, 1], z a smooth function of them with normal noise; shortest digits that give the doubles back.</summary>
    public static long Generate(string path, long rows, int seed)
    {
        using FileStream stream = File.Create(path, 1 << 20);
        var random = new SeededRandom(seed, 0);
        var buffer = new byte[1 << 20];
        int at = Write(buffer, "x,y,z\n"u8);
        for (long i = 0; i < rows; i++)
        {
            double x = 2 * random.NextDouble() - 1, y = 2 * random.NextDouble() - 1, z = Math.Sin(3 * x) * y + 0.1 * random.NextNormal();
            foreach ((double value, byte end) in new[] { (x, (byte)','), (y, (byte)','), (z, (byte)'\n') })
            {
                value.TryFormat(buffer.AsSpan(at), out int used, default, CultureInfo.InvariantCulture);
                at += used;
                buffer[at++] = end;
            }
            if (at < buffer.Length - 128) continue;
            stream.Write(buffer, 0, at);
            at = 0;
        }
        stream.Write(buffer, 0, at);
        return rows;

        static int Write(byte[] target, ReadOnlySpan<byte> text)
        {
            text.CopyTo(target);
            return text.Length;
        }
    }

    /// <summary>The sum of all numbers, by the reader that streams use.</summary>
    public static double Parse(string path)
    {
        var request = new CompressRequest { Input = path, Output = "", Certificate = "" };
        using var reader = new CsvRowReader(request, Shape, Shape.Names, new RowPlaces());
        var block = new RowBlock(1 << 15, 3, weighted: false);
        double sum = 0;
        while (reader.Read(block, CancellationToken.None))
            foreach (double value in block.Rows) sum += value;
        return sum;
    }

    /// <summary>The same for the first rows, as most programs would read them.</summary>
    public static double ParseByLines(string path, long rows)
    {
        using var reader = new StreamReader(path);
        reader.ReadLine();
        double sum = 0;
        for (long i = 0; i < rows && reader.ReadLine() is { } line; i++)
            foreach (string cell in line.Split(',')) sum += double.Parse(cell, CultureInfo.InvariantCulture);
        return sum;
    }
}
