namespace ResearchKit;

/// <summary>One summand of an energy distance: the kernel -|S (x - y)| with S diagonal.</summary>
/// <param name="Scales">The diagonal of S, one nonnegative number per coordinate; 0 leaves a coordinate out.</param>
/// <param name="WithinGroups">Whether each group is compared with its own points alone, or all with all.</param>
internal sealed record EnergyTerm(double[] Scales, bool WithinGroups);
