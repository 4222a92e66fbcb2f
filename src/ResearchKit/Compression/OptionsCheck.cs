namespace ResearchKit;

/// <summary>Refuses options that cannot be meant: value, allowed range, remedy.</summary>
internal static class OptionsCheck
{
    /// <summary>The checks that need no set.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="needsGoal">Whether a budget or a tolerance must be given (a pyramid is built for all of them).</param>
    public static void Require(CompressionOptions options, bool needsGoal = true)
    {
        if (needsGoal) RequireOneGoal(options);
        else RefuseSearch(options);
        if (options.Budget < 1)
            throw new ArgumentOutOfRangeException("options", options.Budget, $"Budget d' = {options.Budget}; it must be at least 1 (and at least N, the number of moments, unless the set is smaller).");
        if (options.Tolerance is { } tolerance) RequireTolerance(tolerance, "options");
        if (options.MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException("options", options.MaxDegreeOfParallelism, $"MaxDegreeOfParallelism = {options.MaxDegreeOfParallelism}; use -1 for all processors or a positive number of threads.");
        if (options.MaxBytes < 1)
            throw new ArgumentOutOfRangeException("options", options.MaxBytes, $"MaxBytes = {options.MaxBytes}; give a positive number of bytes, or null for what the machine has.");
        if (options.Probes < 0)
            throw new ArgumentOutOfRangeException("options", options.Probes, $"Probes = {options.Probes}; use 0 for none or a positive number (32 is plenty).");
        if (!(options.ProbeScale > 0) || double.IsInfinity(options.ProbeScale))
            throw new ArgumentOutOfRangeException("options", options.ProbeScale, $"ProbeScale = {options.ProbeScale}; the length of the probes' directions must be positive and finite ({CompressionOptions.DefaultProbeScale} is usual).");
        if (options.ProbeFunctions is { } functions)
            for (int i = 0; i < functions.Count; i++)
                if (functions[i] is null) throw new ArgumentException($"ProbeFunctions[{i}] is null; every probe must be a function.", "options");
        if (options.AutomaticDegree && (options.Degree is not null || options.MomentSpace is not null))
            throw new ArgumentException($"AutomaticDegree was set beside {(options.Degree is { } k ? $"Degree = {k}" : "a MomentSpace")}; leave one of them out.", "options");
        if (options.Metric is not null && options.MomentSpace is not null)
            throw new ArgumentException("A Metric and a MomentSpace were given; make the moment space with that metric instead.", "options");
    }

    /// <summary>Refuses a tolerance that no error can be compared with.</summary>
    public static void RequireTolerance(double tolerance, string parameter)
    {
        if (!(tolerance > 0) || double.IsInfinity(tolerance))
            throw new ArgumentOutOfRangeException(parameter, tolerance, $"Tolerance = {tolerance}; it must be positive and finite (errors below about 1e-15 cannot be told from round-off).");
    }

    /// <summary>A pyramid has one degree, and its tolerance is a question that it answers once it is built.</summary>
    private static void RefuseSearch(CompressionOptions options)
    {
        if (options.AutomaticDegree)
            throw new ArgumentException($"AutomaticDegree was set, but a pyramid has one degree for all its budgets; set Degree (or a MomentSpace), or use {nameof(Compressor)}.{nameof(Compressor.Compress)}, which chooses.", "options");
        if (options.Tolerance is { } tolerance)
            throw new ArgumentException($"Tolerance = {tolerance} was given to build a pyramid, which serves every tolerance; leave it out, set Probes ({CompressionOptions.DefaultSearchProbes} is usual) or ProbeFunctions, and read it with {nameof(CompressionPyramid.AtTolerance)}({tolerance}).", "options");
    }

    private static void RequireOneGoal(CompressionOptions options)
    {
        if (options.Budget is null && options.Tolerance is null)
            throw new ArgumentException("Neither Budget (how many objects to keep) nor Tolerance (how large an error to allow) was given; set one of them.", "options");
        if (options.Budget is not null && options.Tolerance is not null)
            throw new ArgumentException($"Budget = {options.Budget} and Tolerance = {options.Tolerance} were both given; set one of them and leave the other null.", "options");
    }
}
