namespace ResearchKit.Networks;

/// <summary>Saves models to and loads them from safetensors files.</summary>
/// <remarks>
/// <para>
/// The format: 8 bytes, the length of the header as a little-endian integer; the header, a JSON object that gives for every
/// tensor its dtype (F64 or F32), shape and data_offsets in the bytes that follow; those bytes, little-endian and row-major.
/// </para>
/// <para>
/// <see cref="Save"/> writes the model as it is: its <see cref="WeightedModel.Blocks"/> under their names, the object weights
/// as "objects.0.weight", "objects.1.weight", ..., and as text in "__metadata__" its "kind" ("researchkit.two-layer",
/// "researchkit.deep" or "researchkit.attention"), the "version" (1), the "activation" of a network, and the "tokens" and
/// "every_position" of an attention layer.
/// </para>
/// <para>
/// <see cref="Export"/> writes the ordinary model of <see cref="WeightFolding.Fold"/> for other programs: a network as
/// "0.weight" [neurons, inputs], "0.bias", "2.weight", "2.bias", ..., the state of PyTorch's Sequential(Linear, activation,
/// Linear, ...); an attention layer of d heads as "query.weight", "key.weight", "value.weight" [d h, 1] and "output.weight"
/// [1, d h], the states of four Linear without bias, with a head's h rows together.
/// </para>
/// <para>
/// <see cref="Load"/> reads all of these, and any file of fully connected layers "NAME.weight" [outputs, inputs] and
/// "NAME.bias" (0 if missing) in F64, F32, F16 or BF16.
/// </para>
/// </remarks>
public static class ModelFile
{
    /// <summary>Writes a model with its weights; loading it gives the same model (with Float64, the same bits).</summary>
    /// <param name="model">A two-layer network, deep network or attention layer.</param>
    /// <param name="path">The file, created or replaced; its folder must exist.</param>
    /// <param name="precision">How numbers are stored.</param>
    /// <exception cref="ArgumentException">The model is of another type, or a value cannot be stored.</exception>
    /// <exception cref="IOException">The file cannot be written; one that was there stays as it was.</exception>
    public static void Save(WeightedModel model, string path, TensorPrecision precision = TensorPrecision.Float64)
    {
        ArgumentNullException.ThrowIfNull(model);
        SafetensorsWriter.Write(path, ModelTensors.Of(model, precision), precision);
    }

    /// <summary>Writes the ordinary model of the same function, with the weights folded in, under PyTorch's names and shapes.</summary>
    /// <param name="model">A two-layer network, deep network or attention layer.</param>
    /// <param name="path">The file, created or replaced; its folder must exist.</param>
    /// <param name="precision">How numbers are stored.</param>
    /// <exception cref="ArgumentException">The model is of another type, or a value cannot be stored.</exception>
    /// <exception cref="IOException">The file cannot be written; one that was there stays as it was.</exception>
    public static void Export(WeightedModel model, string path, TensorPrecision precision = TensorPrecision.Float32) =>
        SafetensorsWriter.Write(path, OrdinaryTensors.Of(WeightFolding.Fold(model)), precision);

    /// <summary>Reads a model.</summary>
    /// <param name="path">A safetensors file.</param>
    /// <param name="activation">
    /// The activation of the hidden layers: needed for a file that another program wrote; for our own it may be left out, and
    /// otherwise must be the file's.
    /// </param>
    /// <returns>For our files the type that was saved. For others a two-layer network if there is one hidden layer, else a deep one.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or no model can be made of what it holds.</exception>
    /// <exception cref="ArgumentException">The activation is missing or another than the file's.</exception>
    public static WeightedModel Load(string path, Activation? activation = null)
    {
        if (activation is { } given) ActivationKernel.Require(given);
        TensorFile file = SafetensorsReader.Read(path);
        try
        {
            return ModelKind.Of(file, path) switch
            {
                ModelKind.TwoLayer or ModelKind.Deep or ModelKind.Attention => ModelTensors.Model(file, path, activation),
                ModelKind.OrdinaryAttention => OrdinaryTensors.Attention(file, path, activation),
                _ => PlainLayer.Network(LayerOrder.Of(PlainLayer.Find(file, path), path), ModelKind.Activation(file, path, activation)),
            };
        }
        catch (ArgumentException failure) when (failure.ParamName != nameof(activation))
        {
            // What the models' constructors refuse.
            throw new InvalidDataException($"No model can be made of '{path}': {failure.Message}", failure);
        }
    }
}
