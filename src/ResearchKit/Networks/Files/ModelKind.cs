using System.Globalization;

namespace ResearchKit.Networks;

/// <summary>The text that our files carry about the model in them.</summary>
internal static class ModelKind
{
    public const string TwoLayer = Prefix + "two-layer", Deep = Prefix + "deep", Attention = Prefix + "attention";

    /// <summary>Exported models.</summary>
    public const string Ordinary = Prefix + "ordinary", OrdinaryAttention = Prefix + "ordinary-attention";

    private const string Prefix = "researchkit.", Version = "1";

    /// <summary>The text of a model.</summary>
    /// <param name="model">What is saved.</param>
    /// <param name="kind">One of the constants.</param>
    public static Dictionary<string, string> Metadata(WeightedModel model, string kind)
    {
        Dictionary<string, string> metadata = new() { ["kind"] = kind, ["version"] = Version };
        if (kind is Ordinary or OrdinaryAttention) metadata["format"] = "pt";
        if (model is TwoLayerNetwork network) metadata["activation"] = network.Activation.ToString();
        if (model is DeepNetwork deep) metadata["activation"] = deep.Activation.ToString();
        if (model is AttentionLayer layer)
        {
            metadata["tokens"] = layer.InputSize.ToString(CultureInfo.InvariantCulture);
            metadata["head_size"] = layer.HeadSize.ToString(CultureInfo.InvariantCulture);
            metadata["every_position"] = layer.EveryPosition.ToString(CultureInfo.InvariantCulture);
        }
        return metadata;
    }

    /// <summary>The kind of a file; empty for one that is not ours.</summary>
    public static string Of(TensorFile file, string path)
    {
        if (!file.Metadata.TryGetValue("kind", out string? kind) || !kind.StartsWith(Prefix, StringComparison.Ordinal)) return "";
        if (kind is not (TwoLayer or Deep or Attention or Ordinary or OrdinaryAttention))
            throw new InvalidDataException($"'{path}' holds a model of the kind '{kind}'; known are {string.Join(", ", [TwoLayer, Deep, Attention, Ordinary, OrdinaryAttention])}: load it with the version that wrote it.");
        string version = Text(file, path, "version");
        return version == Version ? kind
            : throw new InvalidDataException($"'{path}' has the file version '{version}'; this program reads {Version}: load it with the version that wrote it.");
    }

    /// <summary>The activation of a network's file, which the caller gives where the file does not.</summary>
    public static Activation Activation(TensorFile file, string path, Activation? activation)
    {
        if (Of(file, path).Length == 0)
            return activation ?? throw new ArgumentException($"'{path}' does not say which activation its network has; give one of {string.Join(", ", Enum.GetNames<Activation>())}.", nameof(activation));
        string text = Text(file, path, "activation");
        if (!Enum.TryParse(text, out Activation stored) || !Enum.IsDefined(stored))
            throw new InvalidDataException($"'{path}' has the activation '{text}'; known are {string.Join(", ", Enum.GetNames<Activation>())}: save the model again.");
        if (activation is { } given && given != stored)
            throw new ArgumentException($"The network of '{path}' has the activation {stored}, and {given} was asked for; leave the activation out.", nameof(activation));
        return stored;
    }

    /// <summary>A whole number of the text.</summary>
    public static int Count(TensorFile file, string path, string key) =>
        int.TryParse(Text(file, path, key), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count
            : throw new InvalidDataException($"'{path}' has '{Text(file, path, key)}' for '{key}'; it must be a whole number from 1 on.");

    /// <summary>A yes or no of the text.</summary>
    public static bool Flag(TensorFile file, string path, string key) =>
        bool.TryParse(Text(file, path, key), out bool flag) ? flag
            : throw new InvalidDataException($"'{path}' has '{Text(file, path, key)}' for '{key}'; it must be True or False.");

    private static string Text(TensorFile file, string path, string key) => file.Metadata.TryGetValue(key, out string? text) ? text
        : throw new InvalidDataException($"'{path}' has no '{key}' among its metadata; save the model again.");
}
