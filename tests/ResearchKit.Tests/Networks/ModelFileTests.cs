using System.Text;
using System.Text.Json;
using ResearchKit.Networks;

namespace ResearchKit.Tests.Networks;

public sealed class ModelFileTests : IDisposable
{
    // Written by PyTorch 1.13 and this script (the format's eight bytes of length, JSON and raw numbers):
    //   torch.manual_seed(0)
    //   x = torch.tensor([[0.5, -1.25], [2.0, 0.75], [-3.0, 1.5]])
    //   two = Sequential(Linear(2, 4), GELU(), Linear(4, 1))
    //   header, data = {"__metadata__": {"format": "pt"}}, b""
    //   for name, t in two.state_dict().items():
    //       raw = bytes(t.flatten().view(torch.uint8).tolist())
    //       header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    //       data += raw
    //   text = json.dumps(header).encode(); base64.b64encode(struct.pack("<Q", len(text)) + text + data); two(x)
    private const string TwoLayers =
        "OwEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICIwLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDJdLCAiZGF0YV9vZmZzZXRzIjogWzAsIDMyXX0sICIwLmJpYXMiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFs0XSwgImRhdGFfb2Zmc2V0cyI6IFszMiwgNDhdfSwgIjIud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMSwgNF0sICJkYXRhX29mZnNldHMiOiBbNDgsIDY0XX0sICIyLmJpYXMiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFsxXSwgImRhdGFfb2Zmc2V0cyI6IFs2NCwgNjhdfX0iea27nDbCPrH8FL8dOAW/1nCLvqsqQj5XimW8QIcPP96DgL2XmT8+XdNavhtUDr64kfS+UoupvugOU74Au5c8YGlKPg==";

    // The same with self.out = Linear(3, 1), self.fc1 = Linear(2, 3), self.fc2 = Linear(3, 3, bias=False), in this order, and
    // out(tanh(fc2(tanh(fc1(x))))).
    private const string ThreeLayers =
        "jgEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJvdXQud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMSwgM10sICJkYXRhX29mZnNldHMiOiBbMCwgMTJdfSwgIm91dC5iaWFzIjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMV0sICJkYXRhX29mZnNldHMiOiBbMTIsIDE2XX0sICJmYzEud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMywgMl0sICJkYXRhX29mZnNldHMiOiBbMTYsIDQwXX0sICJmYzEuYmlhcyI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzNdLCAiZGF0YV9vZmZzZXRzIjogWzQwLCA1Ml19LCAiZmMyLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzMsIDNdLCAiZGF0YV9vZmZzZXRzIjogWzUyLCA4OF19fWZesT7SZsi+abmAvoO8Vj73UBY/5wMVvnp1Bz8ea+m9NTyZPaHoIz8g7Se/xerjvqxPN77Mc2a+ymb/PqSav75wE4i+PIXOvt9sCr8+jqy+nRn+PlXngz4=";

    private static readonly double[] s_inputs = [0.5, -1.25, 2, 0.75, -3, 1.5];

    private readonly ModelFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Models => [.. Examples().Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void ASavedModelComesBackWithTheSameBits(string name)
    {
        WeightedModel model = Example(name);
        ModelFile.Save(model, folder["a.safetensors"]);
        WeightedModel loaded = ModelFile.Load(folder["a.safetensors"]);
        Assert.Equal(model.GetType(), loaded.GetType());
        Assert.Equal(model.Parameters, loaded.Parameters);
        Assert.Equal((model.InputSize, model.OutputSize, model.ObjectSets), (loaded.InputSize, loaded.OutputSize, loaded.ObjectSets));
        for (int set = 0; set < model.ObjectSets; set++) Assert.Equal(model.ObjectWeights(set), loaded.ObjectWeights(set));
        (double[] x, _, _) = ModelCheck.Batch(model, 5, seed: 1);
        Assert.Equal(ModelCheck.Predict(model, x), ModelCheck.Predict(loaded, x));
        ModelFile.Save(loaded, folder["b.safetensors"]);
        Assert.Equal(File.ReadAllBytes(folder["a.safetensors"]), File.ReadAllBytes(folder["b.safetensors"]));
        Assert.Equal(["a.safetensors", "b.safetensors"], folder.Names);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void In32BitsValuesAreRoundedAndTheFileIsHalf(string name)
    {
        WeightedModel model = Example(name);
        ModelFile.Save(model, folder["a"]);
        ModelFile.Save(model, folder["b"], TensorPrecision.Float32);
        WeightedModel loaded = ModelFile.Load(folder["b"]);
        Assert.Equal([.. model.Parameters.ToArray().Select(v => (double)(float)v)], loaded.Parameters.ToArray());
        Assert.Equal(Values(folder["a"]), 2 * Values(folder["b"]));

        static long Values(string path) => new FileInfo(path).Length - 8 - BitConverter.ToInt64(File.ReadAllBytes(path));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void AnExportIsTheOrdinaryModelOfTheSameFunction(string name)
    {
        WeightedModel model = Example(name), plain = WeightFolding.Fold(model);
        for (int set = 0; set < plain.ObjectSets; set++) Assert.All(plain.ObjectWeights(set).ToArray(), c => Assert.Equal(1, c));
        (double[] x, _, _) = ModelCheck.Batch(model, 7, seed: 2);
        double[] f = ModelCheck.Predict(model, x);
        ModelCheck.Close(f, ModelCheck.Predict(plain, x), 1e-12);
        ModelFile.Export(model, folder["e"], TensorPrecision.Float64);
        // A deep network of one hidden layer comes back as the two-layer network that it is.
        ModelCheck.Close(f, ModelCheck.Predict(ModelFile.Load(folder["e"]), x), 1e-12);
        ModelFile.Export(model, folder["e"]);
        ModelCheck.Close(f, ModelCheck.Predict(ModelFile.Load(folder["e"]), x), 1e-5);
    }

    [Fact]
    public void AnExportHasPyTorchsNamesShapesAndFoldedWeights()
    {
        var network = new TwoLayerNetwork(2, 3, 1, Activation.Tanh, [2, 3, 5]);
        new[] { 1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40 }.CopyTo(network.Parameters);
        ModelFile.Export(network, folder["e"], TensorPrecision.Float64);
        Assert.Equal(
            [("0.weight", "3,2", "1,4,2,5,3,6"), ("0.bias", "3", "7,8,9"), ("2.weight", "1,3", "20,60,150"), ("2.bias", "1", "40")],
            Contents(folder["e"]));

        var deep = new DeepNetwork(1, [2, 1], 1, Activation.Relu, [[2, 3], [5]]);
        new[] { 1.0, 2, 3, 4, 10, 20, 5, 100, 6 }.CopyTo(deep.Parameters);
        ModelFile.Export(deep, folder["e"], TensorPrecision.Float64);
        Assert.Equal(
            [("0.weight", "2,1", "1,2"), ("0.bias", "2", "3,4"), ("2.weight", "1,2", "20,60"), ("2.bias", "1", "5"), ("4.weight", "1,1", "500"), ("4.bias", "1", "6")],
            Contents(folder["e"]));

        // Two heads of dimension 2: rows are head 0's two, then head 1's.
        var attention = new AttentionLayer(2, 3, 2, weights: [2, 3]);
        Enumerable.Range(1, 16).Select(i => (double)i).ToArray().CopyTo(attention.Parameters);
        ModelFile.Export(attention, folder["e"], TensorPrecision.Float64);
        Assert.Equal(
            [("query.weight", "4,1", "1,3,2,4"), ("key.weight", "4,1", "5,7,6,8"), ("value.weight", "4,1", "9,11,10,12"), ("output.weight", "1,4", "26,30,42,48")],
            Contents(folder["e"]));
    }

    [Fact]
    public void NetworksSavedFromPyTorchLoadAndPredictTheSame()
    {
        WeightedModel two = folder.Load(Convert.FromBase64String(TwoLayers), Activation.Gelu);
        Assert.Equal(4, Assert.IsType<TwoLayerNetwork>(two).Width);
        ModelCheck.Close([0.1761346161365509, 0.21460793912410736, -0.44887489080429077], ModelCheck.Predict(two, s_inputs), 1e-6);
        WeightedModel three = folder.Load(Convert.FromBase64String(ThreeLayers), Activation.Tanh);
        Assert.Equal([3, 3], Assert.IsType<DeepNetwork>(three).Widths);
        ModelCheck.Close([0.17797988653182983, 0.34322816133499146, -0.0753195732831955], ModelCheck.Predict(three, s_inputs), 1e-6);
        Assert.Equal([0, 0, 0], three.Block("layers.1.bias"));
    }

    [Theory]
    [InlineData("F64")]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void EveryFloatingPointTypeIsReadExactly(string type)
    {
        // Few bits each, so that the shortest type holds them; 2^-20 is subnormal as F16.
        double[] values = [1, -0.5, 1.5, -240, 0, -0.0, 0.25, type == "BF16" ? Math.ScaleB(1, 100) : Math.ScaleB(1, -20)];
        WeightedModel model = folder.Load(TensorBytes.Tensors(type, ("0.weight", [4, 2], values), ("1.weight", [1, 4], [1, 2, 3, 4])));
        Assert.Equal([1, 1.5, 0, 0.25], model.Block("hidden.weight")[..4]);
        Assert.Equal([-0.5, -240, -0.0, values[7]], model.Block("hidden.weight")[4..]);
        Assert.Equal([1, 2, 3, 4], model.Block("output.weight"));
    }

    [Fact]
    public void LayersAreOrderedByTheirNumbersAndShapes()
    {
        double[] four = [1, 1, 1, 1];
        // As text "10" would come before "2"; as shapes all orders of the middle layers would do.
        var deep = (DeepNetwork)folder.Load(TensorBytes.Tensors("F64",
            ("net.10.weight", [2, 2], [10, 0, 0, 0]), ("net.2.weight", [2, 2], [2, 0, 0, 0]), ("net.12.weight", [1, 2], [12, 0]), ("net.0.weight", [2, 3], [0.5, 0, 0, 0, 0, 0])));
        Assert.Equal([0.5, 2, 10, 12], Enumerable.Range(0, 4).Select(l => deep.Block($"layers.{l}.weight")[0]));
        // Names without numbers: the shapes leave one order.
        var network = (TwoLayerNetwork)folder.Load(TensorBytes.Tensors("F64", ("classifier.weight", [1, 4], four), ("encoder.weight", [4, 2], [.. four, .. four]), ("encoder.bias", [4], four)));
        Assert.Equal((2, 4, 1), (network.InputSize, network.Width, network.OutputSize));
        // Numbers and a name without.
        deep = (DeepNetwork)folder.Load(TensorBytes.Tensors("F64", ("out.weight", [1, 2], [9, 9]), ("fc2.weight", [2, 2], [2, 2, 2, 2]), ("fc1.weight", [2, 2], four), ("fc3.weight", [2, 2], [3, 3, 3, 3])));
        Assert.Equal([1, 2, 3, 9], Enumerable.Range(0, 4).Select(l => deep.Block($"layers.{l}.weight")[0]));
    }

    [Fact]
    public void AFailedSaveLeavesTheFileBeforeAndNothingElse()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [3], seed: 1);
        ModelFile.Save(network, folder["a"]);
        byte[] before = File.ReadAllBytes(folder["a"]);
        network.Parameters[4] = double.NaN;
        Assert.Contains("Value 4 of 'layers.0.weight' is NaN", Assert.Throws<ArgumentException>(() => ModelFile.Save(network, folder["a"])).Message);
        network.Parameters[4] = -1e39;
        Assert.Contains("Value 4 of '0.weight' is -1E+39, more than the 3.4028235E+38 that fits Float32; save it as Float64", Assert.Throws<ArgumentException>(() => ModelFile.Export(network, folder["a"])).Message);
        var faint = new TwoLayerNetwork(2, 1, weights: [1e-60]);
        Assert.Contains("The weight c of object 0 is 1E-60, which Float32 rounds to 0", Assert.Throws<ArgumentException>(() => ModelFile.Save(faint, folder["a"], TensorPrecision.Float32)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelFile.Save(faint, folder["a"], (TensorPrecision)5));
        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(folder["a"], stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException("half way");
        }));
        Assert.Equal(before, File.ReadAllBytes(folder["a"]));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void PathsThatCannotBeWrittenOrReadAreNamed()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [3], seed: 1);
        Directory.CreateDirectory(folder["folder"]);
        File.WriteAllText(folder["file"], "text");
        foreach (string path in new[] { folder["nowhere/a"], folder["folder"], folder["file/a"] })
        {
            string message = Assert.Throws<IOException>(() => ModelFile.Save(network, path)).Message;
            Assert.Contains($"The file '{path}' cannot be written", message);
            Assert.Contains("Give a path in a folder that exists", message);
        }
        Assert.Equal(["file", "folder"], folder.Names);
        Assert.Empty(Directory.GetFileSystemEntries(folder["folder"]));
        foreach (string path in new[] { folder["missing"], folder["nowhere/a"] })
            Assert.Contains($"There is no file '{path}'", Assert.Throws<FileNotFoundException>(() => ModelFile.Load(path)).Message);
        Assert.Contains("cannot be read", Assert.Throws<IOException>(() => ModelFile.Load(folder["folder"])).Message);
        Assert.Throws<ArgumentException>(() => ModelFile.Load(" "));
        Assert.Throws<ArgumentException>(() => ModelFile.Save(network, ""));
        Assert.Throws<ArgumentNullException>(() => ModelFile.Save(null!, "a"));
    }

    private static IEnumerable<(string Name, WeightedModel Model)> Examples()
    {
        yield return ("two-layer", new TwoLayerNetwork(2, 5, 1, Activation.Relu, [1, 0.1, 1e-30, 7, 3]));
        yield return ("two-layer, several outputs", new TwoLayerNetwork(3, 1, 4, Activation.Gelu, [1e20]));
        yield return ("deep", new DeepNetwork(3, [5, 1, 7], 2, Activation.Tanh, [ModelCheck.WholeWeights(5, 1), [0.3], ModelCheck.WholeWeights(7, 2)]));
        yield return ("deep of one layer", new DeepNetwork(1, [9], 1, Activation.Sigmoid, [ModelCheck.WholeWeights(9, 3)]));
        yield return ("attention", new AttentionLayer(5, weights: ModelCheck.WholeWeights(5, 4)));
        yield return ("attention at every position", new AttentionLayer(3, 7, 3, everyPosition: true, weights: [0.2, 1, 30]));
    }

    private static WeightedModel Example(string name)
    {
        WeightedModel model = Examples().First(e => e.Name == name).Model;
        ModelCheck.Randomise(model, seed: 9);
        return model;
    }

    /// <summary>Names, shapes and values of a file of doubles, read without the library.</summary>
    private static List<(string Name, string Shape, string Values)> Contents(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToInt64(bytes), data = 8 + length;
        Assert.Equal(0, data % 8);
        List<(string, string, string)> result = [];
        foreach (JsonProperty tensor in JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, length)).RootElement.EnumerateObject().Skip(1))
        {
            Assert.Equal("F64", tensor.Value.GetProperty("dtype").GetString());
            int[] offsets = tensor.Value.GetProperty("data_offsets").Deserialize<int[]>()!;
            double[] values = [.. Enumerable.Range(0, (offsets[1] - offsets[0]) / 8).Select(i => BitConverter.ToDouble(bytes, data + offsets[0] + 8 * i))];
            result.Add((tensor.Name, string.Join(",", tensor.Value.GetProperty("shape").Deserialize<int[]>()!), string.Join(",", values)));
        }
        return result;
    }
}
