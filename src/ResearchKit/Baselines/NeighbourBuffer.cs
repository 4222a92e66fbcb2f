namespace ResearchKit.Baselines;

/// <summary>Keeps the c nearest of all points offered, in a binary heap with the farthest on top; ties go to the lower index.</summary>
internal sealed class NeighbourBuffer(int capacity)
{
    private readonly int[] points = new int[capacity];
    private readonly double[] distances = new double[capacity];
    private int count;

    /// <summary>Squared distance of the farthest kept point; infinite until the buffer is full.</summary>
    public double Largest => count < points.Length ? double.PositiveInfinity : distances[0];

    /// <summary>The kept points, in no particular order.</summary>
    public ReadOnlySpan<int> Points => points.AsSpan(0, count);

    public void Clear() => count = 0;

    public void Offer(int point, double distance)
    {
        if (count < points.Length)
        {
            int hole = count++;
            while (hole > 0 && Before((hole - 1) / 2, distance, point))
            {
                Move((hole - 1) / 2, hole);
                hole = (hole - 1) / 2;
            }
            (points[hole], distances[hole]) = (point, distance);
        }
        else if (!Before(0, distance, point) && !(distance == distances[0] && point == points[0]))
        {
            int hole = 0;
            while (true)
            {
                int child = 2 * hole + 1;
                if (child >= count) break;
                if (child + 1 < count && Before(child, distances[child + 1], points[child + 1])) child++;
                if (!Before(child, distance, point))
                {
                    Move(child, hole);
                    hole = child;
                }
                else
                {
                    break;
                }
            }
            (points[hole], distances[hole]) = (point, distance);
        }
    }

    /// <summary>True when the slot ranks nearer than the given point.</summary>
    private bool Before(int slot, double distance, int point) =>
        distances[slot] < distance || (distances[slot] == distance && points[slot] < point);

    private void Move(int from, int to) => (points[to], distances[to]) = (points[from], distances[from]);
}
