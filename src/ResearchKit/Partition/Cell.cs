namespace ResearchKit;

/// <summary>A contiguous range of a <see cref="PointTable"/> and its frame.</summary>
/// <param name="Start">First row.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Frame">Frame of the bounding box.</param>
internal readonly record struct Cell(int Start, int Count, LocalFrame Frame);
