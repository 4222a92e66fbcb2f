using System.Text;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Networks;

public sealed class DamagedModelFileTests : IDisposable
{
    private static readonly byte[] s_layers = TensorBytes.Tensors("F32", ("0.weight", [3, 2], [1, 2, 3, 4, 5, 6]), ("0.bias", [3], [1, 2, 3]), ("2.weight", [1, 3], [1, 2, 3]));

    private readonly ModelFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ACutOrLengthenedFileIsNoticedWhereverItIsCut()
    {
        folder.Load(s_layers);
        for (int length = 0; length < s_layers.Length; length++)
            Assert.Contains("given.safetensors' is no safetensors file, or a damaged one", Assert.Throws<InvalidDataException>(() => folder.Load(s_layers[..length])).Message);
        Refused("its tensors take 48 bytes and it has 47 bytes of data: it was cut off", s_layers[..^1]);
        Refused("has 49 bytes of data: something was added", [.. s_layers, 0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000_001)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void AnAbsurdHeaderLengthIsNamedWithItsRange(long length)
    {
        byte[] bytes = [.. BitConverter.GetBytes(length), .. s_layers[8..]];
        Refused($"its header would be {(ulong)length} bytes long, and in this file it can be 2 to {s_layers.Length - 8}", bytes);
    }

    [Theory]
    [InlineData("not JSON at all", "its header cannot be read")]
    [InlineData("[1, 2]", "its header is a JSON Array, not an object")]
    [InlineData("{\"a\": 1}", "its header cannot be read")]
    [InlineData("{\"a.weight\": {\"dtype\": \"F32\"}}", "its header cannot be read")]
    [InlineData("{\"__metadata__\": [1]}", "its header cannot be read")]
    [InlineData("{\"__metadata__\": {\"kind\": 1}}", "its header cannot be read")]
    [InlineData("{\"__metadata__\": {}, \"__metadata__\": {}}", "its header cannot be read")]
    [InlineData("{}", "has 0 fully connected layer(s); a network needs 2 to 1000")]
    public void AHeaderThatIsNoneIsNamed(string header, string message) => Refused(message, TensorBytes.File(header, []));

    [Theory]
    [InlineData("F32", "2", 0, 4, "has 2 values of 4 bytes by its shape, and 4 bytes by its data_offsets [0, 4]")]
    [InlineData("F32", "2", 4, 12, "starts at byte 4 of the data, where the one before ends at 0")]
    [InlineData("F32", "2", 8, 0, "has the data_offsets [8, 0]; they must be a start of at least 0 and an end not before it")]
    [InlineData("F32", "2", -8, 0, "has the data_offsets [-8, 0]")]
    [InlineData("F32", "1000", 0, 4000, "its tensors take 4000 bytes and it has 8 bytes of data: it was cut off")]
    [InlineData("F32", "-2", 0, 8, "has the shape [-2]; extents must be 1 or more")]
    [InlineData("F32", "2147483647,2147483647,4", 0, 8, "extents must be 1 or more, with at most")]
    [InlineData("F32", "4294967298", 0, 8, "extents must be 1 or more, with at most")]
    [InlineData("F32", "1.5", 0, 8, "its header cannot be read")]
    [InlineData("F32", "1e99", 0, 8, "its header cannot be read")]
    [InlineData("I64", "1", 0, 8, "has the dtype 'I64'; F64, F32, F16 and BF16 can be loaded")]
    [InlineData("", "1", 0, 8, "has the dtype ''")]
    public void AMisplacedTensorIsNamed(string type, string shape, long start, long end, string message) =>
        Refused(message, TensorBytes.File($"{{{TensorBytes.Entry("a.weight", type, shape, start, end)}}}", new byte[8]));

    [Fact]
    public void OverlapsAndGapsBetweenTensorsAreNamed()
    {
        string first = TensorBytes.Entry("a", "F32", "2", 0, 8);
        Refused("tensor 'b' starts at byte 4 of the data, where the one before ends at 8", TensorBytes.File($"{{{first},{TensorBytes.Entry("b", "F32", "2", 4, 12)}}}", new byte[12]));
        Refused("tensor 'b' starts at byte 12 of the data, where the one before ends at 8", TensorBytes.File($"{{{first},{TensorBytes.Entry("b", "F32", "1", 12, 16)}}}", new byte[16]));
        Refused("its header cannot be read", TensorBytes.File($"{{{first},{TensorBytes.Entry("a", "F32", "2", 8, 16)}}}", new byte[16]));
    }

    [Theory]
    [InlineData("F64", double.NaN)]
    [InlineData("F32", double.PositiveInfinity)]
    [InlineData("F16", double.NegativeInfinity)]
    [InlineData("BF16", double.NaN)]
    public void ValuesThatAreNotFiniteAreNamed(string type, double value) =>
        Refused($"Value 2 of tensor '2.weight' of '{folder["given.safetensors"]}' is {value}; every value must be finite",
            TensorBytes.Tensors(type, ("0.weight", [3, 2], [1, 2, 3, 4, 5, 6]), ("2.weight", [1, 3], [1, 2, value])));

    [Fact]
    public void LayersThatMakeNoNetworkAreNamed()
    {
        double[] two = [1, 2], four = [1, 2, 3, 4];
        Refused("has 1 fully connected layer(s)", TensorBytes.Tensors("F32", ("0.weight", [2, 1], two)));
        Refused("do not join: '0' [2, 1], '2' [1, 4] as [outputs, inputs]. Layer '2' takes 4 inputs, '0' gives 2. ", TensorBytes.Tensors("F32", ("0.weight", [2, 1], two), ("2.weight", [1, 4], four)));
        // Shapes would fit in the other order, which the numbers forbid.
        Refused("do not join", TensorBytes.Tensors("F32", ("2.weight", [4, 1], four), ("4.weight", [1, 4], four), ("0.weight", [2, 1], two)));
        Refused("fit together in several orders: 'encoder' [2, 2], 'decoder' [2, 2]", TensorBytes.Tensors("F32", ("encoder.weight", [2, 2], four), ("decoder.weight", [2, 2], four)));
        Refused("Tensor '0.weight' of", TensorBytes.Tensors("F32", ("0.weight", [4], four), ("2.weight", [1, 4], four)));
        Refused("has the shape [2, 1, 2]; a fully connected layer's weight has two extents", TensorBytes.Tensors("F32", ("0.weight", [2, 1, 2], four), ("2.weight", [1, 4], four)));
        Refused("Tensor '0.bias' of '" + folder["given.safetensors"] + "' has the shape [2]; for '0.weight' of shape [4, 1] it must be [4]", TensorBytes.Tensors("F32", ("0.weight", [4, 1], four), ("0.bias", [2], two), ("2.weight", [1, 4], four)));
        Refused("Tensor '1.running_mean' of", TensorBytes.Tensors("F32", ("0.weight", [4, 1], four), ("1.running_mean", [4], four), ("2.weight", [1, 4], four)));
        Refused("Tensor '1.bias' of", TensorBytes.Tensors("F32", ("0.weight", [4, 1], four), ("1.bias", [4], four), ("2.weight", [1, 4], four)));
        Refused("has the shape [0, 1]; extents must be 1 or more", TensorBytes.Tensors("F32", ("0.weight", [0, 1], []), ("2.weight", [1, 0], [])));
    }

    [Fact]
    public void ManyLayersThatFitInEveryOrderAreRefusedAtOnce()
    {
        // 25 names without numbers: no order is told apart, and the dead ends are 25 factorial.
        (string, int[], double[])[] square = [.. Enumerable.Range(0, 25).Select(i => ($"{(char)('a' + i)}.weight", new[] { 1, 1 }, new double[1]))];
        Refused("fit together in several orders", TensorBytes.Tensors("F32", square));
        Refused("fit together in several orders", TensorBytes.Tensors("F32", [.. square, ("z.weight", [5, 7], new double[35])]));
    }

    [Fact]
    public void TheActivationMustBeGivenOnceAndOnlyOnce()
    {
        Assert.Contains("does not say which activation its network has; give one of Relu, Tanh, Sigmoid, Gelu", Assert.Throws<ArgumentException>(() => folder.Load(s_layers, null)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => folder.Load(s_layers, (Activation)9));
        ModelFile.Save(new DeepNetwork(2, [3], 1, Activation.Tanh), folder["deep"]);
        Assert.IsType<DeepNetwork>(ModelFile.Load(folder["deep"], Activation.Tanh));
        Assert.Contains("has the activation Tanh, and Relu was asked for", Assert.Throws<ArgumentException>(() => ModelFile.Load(folder["deep"], Activation.Relu)).Message);
        ModelFile.Save(new AttentionLayer(2), folder["attention"]);
        Assert.Contains("an attention layer, which has no activation", Assert.Throws<ArgumentException>(() => ModelFile.Load(folder["attention"], Activation.Relu)).Message);
        ModelFile.Export(new AttentionLayer(2), folder["attention"]);
        Assert.Throws<ArgumentException>(() => ModelFile.Load(folder["attention"], Activation.Relu));
    }

    [Theory]
    [InlineData("researchkit.deep", "researchkit.wide", "holds a model of the kind 'researchkit.wide'; known are")]
    [InlineData("\"version\":\"1\"", "\"version\":\"2\"", "has the file version '2'; this program reads 1")]
    [InlineData("\"version\"", "\"revision\"", "has no 'version' among its metadata")]
    [InlineData("Tanh", "Sinh", "has the activation 'Sinh'; known are Relu, Tanh, Sigmoid, Gelu")]
    [InlineData("Tanh", "7", "has the activation '7'")]
    [InlineData("layers.2.bias", "layers.3.bias", "has no tensor 'layers.2.bias', which a model of its kind needs; it has layers.0.weight")]
    [InlineData("objects.1.weight", "objects.2.weight", "has no tensor 'objects.1.weight'")]
    [InlineData("[4,3]", "[3,4]", "4 weights were given for 3 objects")]
    [InlineData("[4,3]", "[12]", "Tensor 'layers.1.weight' of")]
    [InlineData("[4,3]", "[4,1,3]", "has the shape [4, 1, 3]; it must have two extents")]
    public void OurOwnFilesWithForeignPartsAreNamed(string part, string replacement, string message)
    {
        ModelFile.Save(new DeepNetwork(2, [3, 4], 1, Activation.Tanh), folder["deep"]);
        Refused(message, Replaced(File.ReadAllBytes(folder["deep"]), part, replacement), null);
    }

    [Theory]
    [InlineData("\"tokens\":\"5\"", "\"tokens\":\"0\"", "has '0' for 'tokens'; it must be a whole number from 1 on")]
    [InlineData("\"tokens\":\"5\"", "\"tokens\":\"five\"", "has 'five' for 'tokens'")]
    [InlineData("\"False\"", "\"maybe\"", "has 'maybe' for 'every_position'; it must be True or False")]
    [InlineData("\"key.weight\"", "\"kay.weight\"", "has no tensor 'key.weight'")]
    public void AttentionFilesWithForeignPartsAreNamed(string part, string replacement, string message)
    {
        ModelFile.Save(new AttentionLayer(3, 5), folder["attention"]);
        Refused(message, Replaced(File.ReadAllBytes(folder["attention"]), part, replacement), null);
        ModelFile.Export(new AttentionLayer(3, 5), folder["attention"]);
        Refused(message, Replaced(File.ReadAllBytes(folder["attention"]), part, replacement), null);
    }

    [Fact]
    public void HeadsThatDoNotDivideTheRowsAndExtraTensorsAreNamed()
    {
        ModelFile.Export(new AttentionLayer(3, 5), folder["attention"]);
        Refused("has 6 rows, no whole number of heads of 4", Replaced(File.ReadAllBytes(folder["attention"]), "\"head_size\":\"2\"", "\"head_size\":\"4\""), null);
        ModelFile.Save(new TwoLayerNetwork(2, 3), folder["two"]);
        Refused("Tensor 'objects.7.weight' of", Added(File.ReadAllBytes(folder["two"]), "objects.7.weight"), null);
    }

    [Fact]
    public void AWeightOfZeroIsNamed()
    {
        ModelFile.Save(new TwoLayerNetwork(2, 3, weights: [1, 2, 3]), folder["two"]);
        byte[] bytes = File.ReadAllBytes(folder["two"]);
        bytes.AsSpan(bytes.Length - 16, 8).Clear();
        Refused("No model can be made of", bytes, null);
        Refused("neuron 1 is 0; weights must be positive and finite", bytes, null);
    }

    [Fact]
    public void AnyDamageGivesAModelOrAnErrorThatNamesTheFile()
    {
        ModelFile.Save(new DeepNetwork(2, [3, 4], 1, Activation.Tanh), folder["deep"]);
        byte[] whole = File.ReadAllBytes(folder["deep"]);
        const int seed = 3;
        var random = new SeededRandom(seed);
        int refused = 0;
        for (int trial = 0; trial < 600; trial++)
        {
            byte[] bytes = [.. whole];
            // Mostly in the header, where the structure is.
            for (int flips = 1 + random.NextInt(3); flips > 0; flips--) bytes[random.NextInt(trial % 4 == 0 ? bytes.Length : 900)] ^= (byte)(1 << random.NextInt(8));
            try
            {
                folder.Load(bytes, null);
            }
            catch (Exception failure) when (failure is InvalidDataException || (failure is ArgumentException { ParamName: "activation" }))
            {
                refused++;
                Assert.True(failure.Message.Contains("given.safetensors", StringComparison.Ordinal), $"trial {trial} of seed {seed}: {failure.Message}");
            }
        }
        Assert.InRange(refused, 200, 599);
    }

    private void Refused(string message, byte[] bytes, Activation? activation = Activation.Relu)
    {
        string given = Assert.Throws<InvalidDataException>(() => folder.Load(bytes, activation)).Message;
        Assert.Contains(message, given);
        Assert.Contains("given.safetensors", given);
    }

    /// <summary>A file whose header has one part replaced.</summary>
    private static byte[] Replaced(byte[] bytes, string part, string replacement)
    {
        int data = 8 + (int)BitConverter.ToInt64(bytes);
        string header = Encoding.UTF8.GetString(bytes[8..data]);
        Assert.Contains(part, header);
        return TensorBytes.File(header.Replace(part, replacement), bytes[data..]);
    }

    /// <summary>A file with one more tensor at its end.</summary>
    private static byte[] Added(byte[] bytes, string name)
    {
        int data = 8 + (int)BitConverter.ToInt64(bytes), length = bytes.Length - data;
        string header = Encoding.UTF8.GetString(bytes[8..data]).TrimEnd();
        return TensorBytes.File($"{header[..^1]},{TensorBytes.Entry(name, "F64", "1", length, length + 8)}}}", [.. bytes[data..], .. new byte[8]]);
    }
}
