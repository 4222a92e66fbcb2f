namespace ResearchKit;

/// <content>Cells of hardly any mass: their weights are measured in a unit in which rounding is what it is elsewhere.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>Below this mass, parts of it that count (1e-16 and its squares) would leave the range of normal doubles.</summary>
    private const double LeastMass = 1e-120;

    /// <summary>A power of two, so that ordinary weights keep their bits.</summary>
    private static readonly double LargeUnit = Math.ScaleB(1, 800);

    private readonly NativeBuffer inUnits = new();
    private double unit = 1;

    private void SetUnit(double* given, int count)
    {
        unit = 1;
        if (given == null) return;
        double mass = 0;
        for (int i = 0; i < count; i++) mass += given[i];
        if (mass < LeastMass) unit = LargeUnit;
    }

    private double* InUnits(double* given, int count)
    {
        if (unit == 1) return given;
        double* scaled = inUnits.Ensure(count);
        for (int i = 0; i < count; i++) scaled[i] = unit * given[i];
        return scaled;
    }

    /// <summary>Weights as they were given; what is less than the least double is nothing.</summary>
    private void LeaveUnits()
    {
        if (unit == 1) return;
        int n = 0;
        for (int i = 0; i < Count; i++)
        {
            double weight = weights[i] / unit;
            if (!(weight > 0)) continue;
            positions[n] = positions[i];
            weights[n++] = weight;
        }
        Count = n;
    }
}
