using System.Globalization;
using CsvHelper;

namespace ResearchKit.Notebooks;

/// <summary>A point of Fig. 2: error of a compressed function.</summary>
/// <param name="M">Coordinates m.</param>
/// <param name="K">Matched degree k.</param>
/// <param name="D">Objects d.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Mean">Mean of |f' - f|.</param>
/// <param name="Std">Its standard deviation.</param>
/// <param name="GeoMean">Its geometric mean.</param>
public sealed record PaperError(int M, int K, int D, int Trials, double Mean, double Std, double GeoMean);

/// <summary>A point of a learning curve in Figs. 3, 4 and 7: test losses.</summary>
/// <param name="Panel">Setting: optimiser, learning rate, batch.</param>
/// <param name="Epoch">Epoch.</param>
/// <param name="Original">Uncompressed.</param>
/// <param name="Compressed">Compressed.</param>
/// <param name="Naive">The first d' objects.</param>
public sealed record PaperCurve(string Panel, int Epoch, double Original, double Compressed, double Naive);

/// <summary>A point of a scaling law in Fig. 5: test losses.</summary>
/// <param name="D">Objects d.</param>
/// <param name="Kept">Objects kept, d'.</param>
/// <param name="Seeds">Number of seeds.</param>
/// <param name="OriginalMean">Mean, uncompressed.</param>
/// <param name="OriginalStd">Standard deviation, uncompressed.</param>
/// <param name="CompressedMean">Mean, compressed.</param>
/// <param name="CompressedStd">Standard deviation, compressed.</param>
public sealed record PaperScaling(int D, int Kept, int Seeds, double OriginalMean, double OriginalStd, double CompressedMean, double CompressedStd);

/// <summary>A point of Fig. 6: seconds for one compression on the authors' machine.</summary>
/// <param name="M">Coordinates m.</param>
/// <param name="K">Matched degree k.</param>
/// <param name="D">Objects d.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="MeanSeconds">Mean.</param>
/// <param name="StdSeconds">Standard deviation.</param>
public sealed record PaperRuntime(int M, int K, int D, int Trials, double MeanSeconds, double StdSeconds);

/// <summary>A point of Fig. 8: error at log^m d objects.</summary>
/// <param name="M">Coordinates m.</param>
/// <param name="D">Objects d.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="KMin">Smallest degree used.</param>
/// <param name="KMax">Largest degree used.</param>
/// <param name="MeanError">Mean of |f' - f|.</param>
/// <param name="MedianError">Its median.</param>
public sealed record PaperPolylog(int M, int D, int Trials, int KMin, int KMax, double MeanError, double MedianError);

/// <summary>The numbers that the authors of arXiv 2510.00504 reported, one method per figure; kept in datasets/paper.</summary>
public static class PaperData
{
    /// <summary>Fig. 2: how the error falls with d for m = 1..5 and k = 1..6.</summary>
    public static IReadOnlyList<PaperError> Fig2() => Read("fig2-error-scaling.csv", 7, r => new PaperError(
        Int(r, "m"), Int(r, "k"), Int(r, "d"), Int(r, "trials"), Number(r, "mean"), Number(r, "std"), Number(r, "geomean")));

    /// <summary>Fig. 3: data set compression, four optimisers.</summary>
    public static IReadOnlyList<PaperCurve> Fig3() => Curves("fig3-dataset-compression.csv");

    /// <summary>Fig. 4: dynamical lottery ticket, four optimisers.</summary>
    public static IReadOnlyList<PaperCurve> Fig4() => Curves("fig4-dynamical-lottery-ticket.csv");

    /// <summary>Fig. 5a: test loss against the number of samples.</summary>
    public static IReadOnlyList<PaperScaling> Fig5a() => Scalings("fig5a-dataset-scaling.csv");

    /// <summary>Fig. 5b: test loss against the number of neurons.</summary>
    public static IReadOnlyList<PaperScaling> Fig5b() => Scalings("fig5b-width-scaling.csv");

    /// <summary>Fig. 6: runtime of the authors' algorithm.</summary>
    public static IReadOnlyList<PaperRuntime> Fig6() => Read("fig6-runtime.csv", 6, r => new PaperRuntime(
        Int(r, "m"), Int(r, "k"), Int(r, "d"), Int(r, "trials"), Number(r, "mean_seconds"), Number(r, "std_seconds")));

    /// <summary>Fig. 7: compressed attention heads.</summary>
    public static IReadOnlyList<PaperCurve> Fig7() => Curves("fig7-attention.csv");

    /// <summary>Fig. 8: polylogarithmic compression.</summary>
    public static IReadOnlyList<PaperPolylog> Fig8() => Read("fig8-polylog.csv", 7, r => new PaperPolylog(
        Int(r, "m"), Int(r, "d"), Int(r, "trials"), Int(r, "k_min"), Int(r, "k_max"), Number(r, "mean_error"), Number(r, "median_error")));

    private static List<PaperCurve> Curves(string file) => Read(file, 5, r => new PaperCurve(
        r.GetString("panel"), Int(r, "epoch"), Number(r, "test_original"), Number(r, "test_compressed"), Number(r, "test_naive")));

    private static List<PaperScaling> Scalings(string file) => Read(file, 7, r => new PaperScaling(
        Int(r, "d"), Int(r, "dstop"), Int(r, "seeds"), Number(r, "original_mean"), Number(r, "original_std"), Number(r, "compressed_mean"), Number(r, "compressed_std")));

    private static int Int(CsvReader row, string column) => row.Parse<int>(column);

    private static double Number(CsvReader row, string column) => row.Parse<double>(column);

    private static List<T> Read<T>(string file, int width, Func<CsvReader, T> row)
    {
        string path = Path.Combine(Paths.Datasets, "paper", file);
        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions
        {
            HasHeader = true, FormatProvider = CultureInfo.InvariantCulture, MalformedData = CsvMalformedDataHandling.Throw, FieldCountMismatch = CsvFieldCountHandling.Throw,
        });
        var rows = new List<T>();
        while (csv.Read())
        {
            if (csv.FieldCount != width) throw new InvalidDataException($"{file}: row {csv.RowNumber} has {csv.FieldCount} cells, not {width}.");
            rows.Add(row(csv));
        }

        return rows;
    }
}
