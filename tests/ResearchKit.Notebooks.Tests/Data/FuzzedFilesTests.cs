using System.Text;
using ResearchKit.Cli;
using ResearchKit.Engine;
using ResearchKit.Engine.Jupyter;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>
/// Every file format that is read, damaged in every way that comes to mind: what comes out is what the file says, or the
/// documented exception that names the file and the remedy. Never another exception, and no memory taken on the word of a
/// header. A failure prints the seed, the trial and the damaged file's first bytes.
/// </summary>
public sealed class FuzzedFilesTests : IDisposable
{
    private const int Trials = 1500;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A format: its file's name, a small valid one, how it is read, and the only exception that may come.</summary>
    private sealed record Format(string File, Action<string> Write, Action<string> Read, params Type[] Refusals);

    private static readonly Dictionary<string, Format> s_formats = new()
    {
        ["CSV"] = new("table.csv", p => File.WriteAllText(p, "x,y,\"a, label\"\n1,2.5,3\n-1e-3,0,4\n\"7\",8,9\n"), p => DataFile.Read(p), typeof(DataFileException)),
        ["CSV with gaps allowed"] = new("gaps.csv", p => File.WriteAllText(p, "x;y;name\n1,5;;a\n2,5;3;b\n"),
            p => DataFile.Read(p, new DataOptions { Text = TextPolicy.Drop, Missing = MissingPolicy.DropRows, Constant = ConstantPolicy.Drop }), typeof(DataFileException)),
        ["Parquet"] = new("table.parquet", p => DataFile.Write(p, new NumericTable(["x", "y"], [1, 2, 3, 4, 5, 6])), p => DataFile.Read(p), typeof(DataFileException)),
        ["Wavefront"] = new("cow.obj", p => File.WriteAllText(p, "# a cow\nv 1 2 3\nv 0.5 -1 2e-3\nvn 0 0 1\nf 1 2 2\nv 3 2 1\n"), p => DataFile.Read(p), typeof(DataFileException)),
        ["xyz"] = new("cloud.xyz", p => File.WriteAllText(p, "1 2 3 4\n5 6 7 8\n-1 0 1e-5 9\n"), p => DataFile.Read(p), typeof(DataFileException)),
        ["stored results"] = new("stored.csv", p => File.WriteAllText(p, "# command: x\nseed,loss\n1,0.5\n2,0.25\n"), p => StoredResults.Read(p), typeof(DataFileException)),
        ["catalogue of data sets"] = new("catalogue.json", p => File.Copy(Path.Combine(Paths.Datasets, "catalogue.json"), p, true), p => DatasetCatalogue.Read(p), typeof(DataFileException)),
        ["notebook"] = new("a.ipynb", p => File.Copy(Path.Combine(Paths.Notebooks, "20-lab.ipynb"), p, true), p => Notebook.Load(p).ToJson(), typeof(NotebookFormatException)),
        ["connection file"] = new("kernel.json", p => File.WriteAllText(p, """
            {"transport": "tcp", "ip": "127.0.0.1", "shell_port": 5001, "iopub_port": 5002, "stdin_port": 5003, "control_port": 5004, "hb_port": 5005,
             "key": "a0b1-c2d3", "signature_scheme": "hmac-sha256", "kernel_name": "researchkit"}
            """), p => ConnectionInfo.Read(p), typeof(JupyterKernelException)),
        ["network"] = new("net.safetensors", p => ModelFile.Save(new DeepNetwork(2, [3, 4], 1, Activation.Tanh), p), p => ModelFile.Load(p, Activation.Tanh), typeof(InvalidDataException), typeof(ArgumentException)),
        ["checkpoint"] = new("run.checkpoint", Train, Train, typeof(InvalidDataException)),
        ["state of a stream"] = new("stream.state", p => Stream().Save(p, ["a file"]), p => StreamingCompressor.Resume(p, 2, Streaming, ["a file"], out _).Finish(), typeof(InvalidDataException)),
        ["saved report"] = new("results.json", p => WriteReport(p), p => SavedReport.Load(Path.GetDirectoryName(p)!, Paths.Notebooks), typeof(CliException)),
    };

    public static TheoryData<string> Formats => [.. s_formats.Keys];

    /// <summary>One of these begins what to do about it.</summary>
    private static readonly string[] s_remedies =
    [
        "Delete", "delete", "Write", "write it", "Save", "Make", "make", "Give", "give", "Check", "check", "Export", "export", "Use ", "use ", "Choose", "choose", "Pass", "pass ",
        "Drop", "drop", "Remove", "remove", "Download", "download", "Restore", "restore", "Convert", "convert", "Open", "Repair", "Fix", "fix ", "Name ", "name ", "Set ", "set ", "Rename", "Start", "Complete", "Correct", "save ", "Let ", "are needed", "Quote", "Leave", "leave", "Repeat", "take an", "Mend", "Add ", "Close it", "load it",
    ];

    /// <summary>A read that takes longer has hung.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory, MemberData(nameof(Formats))]
    public void DamageGivesATableOrTheDocumentedError(string name)
    {
        Format format = s_formats[name];
        string path = folder.File(format.File);
        format.Write(path);
        byte[] whole = File.ReadAllBytes(path);
        int refused = 0;
        int seed = Environment.GetEnvironmentVariable("RESEARCHKIT_FUZZ_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 1;
        for (int trial = 0; trial < Trials; trial++)
        {
            byte[] damaged = Damage(whole, new SeededRandom(seed, trial), trial);
            File.WriteAllBytes(path, damaged);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                format.Read(path);
            }
            catch (Exception failure) when (format.Refusals.Contains(failure.GetType()))
            {
                refused++;
                string said = failure is CliException cli ? $"{cli.Message} {cli.Remedy}" : failure.Message;
                Assert.True(said.Contains(format.File, StringComparison.Ordinal), $"{name}, seed {seed}, trial {trial}: the file is not named in '{said}'");
                Assert.True(s_remedies.Any(r => said.Contains(r, StringComparison.Ordinal)), $"{name}, seed {seed}, trial {trial}: no remedy in '{said}'");
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{name}, seed {seed}, trial {trial} ({damaged.Length} bytes, Base64 {Convert.ToBase64String(damaged.AsSpan(0, Math.Min(600, damaged.Length)))}): {failure}");
            }
            Assert.True(clock.Elapsed < s_patience, $"{name}, seed {seed}, trial {trial}: {clock.Elapsed}");
        }
        Assert.True(refused > Trials / 20, $"{name}: only {refused} of {Trials} damaged files were refused; the damage is too small to test anything");
    }

    public static TheoryData<string, string, string> Commands => new()
    {
        { "CSV", "table.csv", "compress table.csv -b 2 -k 0 --force --verify" },
        { "CSV with gaps allowed", "gaps.csv", "compress gaps.csv -b 1 -k 0 --text drop --missing drop --constant drop --force" },
        { "CSV", "table.csv", "compress table.csv -b 2 -k 0 --stream always --force --verify" },
        { "Parquet", "table.parquet", "compress table.parquet -b 2 -k 0 --force --verify" },
        { "Wavefront", "cow.obj", "compress cow.obj -b 2 -k 0 --force --verify" },
        { "xyz", "cloud.xyz", "compress cloud.xyz -b 2 -k 0 --force" },
    };

    [Theory, MemberData(nameof(Commands))]
    public async Task TheCommandTakesDamageOrRefusesItByName(string name, string file, string arguments)
    {
        using var cli = new Cli.CliHarness();
        Format format = s_formats[name];
        string path = cli.Path(file);
        format.Write(path);
        byte[] whole = File.ReadAllBytes(path);
        for (int trial = 0; trial < Trials / 5; trial++)
        {
            // The same damage as above, other trials of it.
            byte[] damaged = Damage(whole, new SeededRandom(2, trial), 5 * trial + 1);
            File.WriteAllBytes(path, damaged);
            Cli.CliResult result = await cli.RunAsync(arguments.Split(' '));
            string context = $"{arguments}, trial {trial} ({damaged.Length} bytes, Base64 {Convert.ToBase64String(damaged.AsSpan(0, Math.Min(600, damaged.Length)))}): {result.Code}, {result.Error}";
            Assert.True(result.Code is ExitCodes.Ok or ExitCodes.BadInput, context);
            Assert.True(!result.Error.Contains("bug in ResearchKit", StringComparison.Ordinal), context);
            Assert.True(result.Code == ExitCodes.Ok || s_remedies.Any(r => result.Error.Contains(r, StringComparison.Ordinal)), $"no remedy: {context}");
            Assert.Empty(Directory.GetFiles(cli.Root, "*.tmp*"));
        }
    }

    [Fact]
    public void DamagedKernelsAndRunTimesAreOnlyUnknown()
    {
        string times = folder.File("results.json"), kernel = folder.File("kernel.json");
        WriteReport(times);
        File.WriteAllText(kernel, KernelSpec.Json("ResearchKit", "dotnet", "researchkit.dll"));
        foreach (string path in new[] { times, kernel })
        {
            byte[] whole = File.ReadAllBytes(path);
            for (int trial = 0; trial < Trials; trial++)
            {
                File.WriteAllBytes(path, Damage(whole, new SeededRandom(3, trial), trial));
                RunTimes.Load(Path.GetDirectoryName(times)!, full: false);
                KernelSpec.Read(Path.GetDirectoryName(kernel)!);
            }
        }
    }

    private static StreamingOptions Streaming => new() { Compression = new CompressionOptions { Budget = 20, Degree = 2 } };

    private static StreamingCompressor Stream()
    {
        var x = new double[2 * 300];
        new SeededRandom(4).FillUniform(x, -1, 1);
        var stream = new StreamingCompressor(2, Streaming);
        stream.Add(x);
        return stream;
    }

    private static void WriteReport(string path)
    {
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(path)!, "index.html"), "<p>report</p>");
        File.WriteAllText(path, """
            {"researchkit": "1.0", "started": "2026-01-01T00:00:00.0000000+00:00", "full": false, "only": [], "parameters": {"seed": "1"}, "finished": true, "cancelled": false, "holds": true,
             "verdict": "all checks hold", "seconds": 12.5, "notebooks": [{"name": "00-start-here", "state": "succeeded", "holds": true, "seconds": 3.25, "problem": null, "excerpt": "", "absent": [], "claims": []}]}
            """);
    }

    /// <summary>Cut, flipped, overwritten, repeated, spliced; numbers replaced by what parsers stumble over; lengths by absurd ones.</summary>
    private static byte[] Damage(byte[] whole, SeededRandom random, int trial)
    {
        if (trial < 2 * whole.Length && trial % 2 == 0 && trial < Trials / 3) return whole[..(int)((long)trial * whole.Length / (Trials / 3))];
        List<byte> bytes = [.. whole];
        for (int times = 1 + random.NextInt(3); times > 0; times--)
        {
            if (bytes.Count == 0) break;
            int at = random.NextInt(bytes.Count), length = Math.Min(1 + random.NextInt(16), bytes.Count - at);
            switch (random.NextInt(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.NextInt(8)); break;
                case 1: bytes[at] = (byte)random.NextInt(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(random.NextInt(bytes.Count - length + 1), length)); break;
                case 5: bytes.InsertRange(at, s_words[random.NextInt(s_words.Length)]); break;
                case 6:
                    for (int i = 0; i < Math.Min(8, bytes.Count - at); i++) bytes[at + i] = random.NextInt(4) == 0 ? (byte)0x7F : (byte)0xFF;
                    break;
                default:
                    byte[] word = s_words[random.NextInt(s_words.Length)];
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, word);
                    break;
            }
        }
        return [.. bytes];
    }

    private static readonly byte[][] s_words = [.. new[]
    {
        "", "\0", "\r", "\n\n", "\"", "\"\"", ",", ";", "\t", "NaN", "-inf", "1e999", "-1e-400", "9999999999999999999999", "-1", "0x1p3", "1,000", "null", "true", "{}", "[]", "[[[[",
        "\\u0000", "\\ud800", "﻿", "Grüße", new string('9', 4000), new string(',', 300), new string('[', 2000), "18446744073709551615", "\"data_offsets\":[0,9223372036854775807]",
    }.Select(Encoding.UTF8.GetBytes)];

    private static void Train(string checkpoint)
    {
        var samples = new Samples([0, 1, 2, 3], [0, 1, 0, 1], 1);
        Trainer.Train(TwoLayerNetwork.Initialised(1, 3, 1), Optimizers.Create("AdamW"), samples, null, new TrainingOptions { Epochs = 3, LearningRate = 0.1, CheckpointPath = checkpoint });
    }
}
