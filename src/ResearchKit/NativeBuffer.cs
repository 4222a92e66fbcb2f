using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ResearchKit;

/// <summary>
/// An aligned, growing scratch buffer of doubles outside the managed heap: reused by one worker, so that inner loops
/// allocate nothing and read at vector alignment.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private double* pointer;
    private long capacity;

    /// <summary>Doubles that fit.</summary>
    public long Capacity => capacity;

    /// <summary>A pointer to at least <paramref name="count"/> doubles; what was stored is lost when it grows.</summary>
    public double* Ensure(long count)
    {
        if (count > capacity)
        {
            long wanted = Math.Max(count, Math.Min(2 * capacity, capacity + (1 << 20)));
            Free();
            pointer = (double*)NativeMemory.AlignedAlloc((nuint)(wanted * sizeof(double)), Alignment);
            capacity = wanted;
            // The collector does not see this memory: without a hint it lets buffers of dropped models pile up.
            GC.AddMemoryPressure(wanted * sizeof(double));
        }
        return pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeBuffer() => Free();

    private void Free()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        if (capacity > 0) GC.RemoveMemoryPressure(capacity * sizeof(double));
        capacity = 0;
    }

    /// <summary>Rounds a row length up so that every row starts at vector alignment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Padded(int count) => (count + 7) & ~7;
}
