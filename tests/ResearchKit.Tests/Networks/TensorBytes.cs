using System.Buffers.Binary;
using System.Text;
using ResearchKit.Networks;

namespace ResearchKit.Tests.Networks;

/// <summary>Safetensors files put together by hand, apart from the library's writer.</summary>
internal static class TensorBytes
{
    public static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    /// <summary>Tensors one after the other, in one dtype.</summary>
    public static byte[] Tensors(string type, params (string Name, int[] Shape, double[] Values)[] tensors)
    {
        List<string> entries = [];
        List<byte> data = [];
        foreach ((string name, int[] shape, double[] values) in tensors)
        {
            int start = data.Count;
            foreach (double value in values) data.AddRange(Encode(type, value));
            entries.Add(Entry(name, type, string.Join(",", shape), start, data.Count));
        }
        return File($"{{{string.Join(",", entries)}}}", [.. data]);
    }

    public static string Entry(string name, string type, string shape, long start, long end) =>
        $$"""{{'"'}}{{name}}":{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{start}},{{end}}]}""";

    private static byte[] Encode(string type, double value) => type switch
    {
        "F64" => BitConverter.GetBytes(value),
        "F32" => BitConverter.GetBytes((float)value),
        "F16" => BitConverter.GetBytes((Half)value),
        "BF16" => BitConverter.GetBytes((float)value)[2..],
        _ => BitConverter.GetBytes((long)value),
    };
}

/// <summary>A folder for one test, with helpers to write and load files in it.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("researchkit-models-").FullName;

    public string this[string name] => Path.Combine(folder, name);

    public string[] Names => [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order()];

    public WeightedModel Load(byte[] bytes, Activation? activation = Activation.Relu)
    {
        File.WriteAllBytes(this["given.safetensors"], bytes);
        return ModelFile.Load(this["given.safetensors"], activation);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
