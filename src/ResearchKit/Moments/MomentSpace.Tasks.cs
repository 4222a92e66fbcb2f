namespace ResearchKit;

/// <content>Spaces for the objects of usual tasks: labelled data and neurons.</content>
public sealed partial class MomentSpace
{
    /// <summary>
    /// For data (x, y) and a squared loss: the moments {p(x), y p(x), y^2} with p of degree up to k, in cells of x alone.
    /// 2 C(n+k, k) + 1 of them instead of the C(n+1+k, k) of total degree, in cells of one dimension fewer.
    /// </summary>
    /// <param name="features">n, the number of features x; objects have m = n + 1 coordinates.</param>
    /// <param name="degree">k, at least 0.</param>
    /// <param name="label">The coordinate of y; the last when null.</param>
    /// <param name="labelDegree">The degree of p where it is multiplied by y, at most k; k when null.</param>
    /// <param name="metric">How cells are measured; the features, unscaled, when null. It must not split the label.</param>
    /// <remarks>
    /// The mean of (f(x) - y)^2 is that of f^2 - 2 y f + y^2. It needs f^2 in the span of the p(x), f in that of the p(x)
    /// that are multiplied by y, and the mean of y^2, whatever the labels are. Within a cell of x both f and f^2 are smooth,
    /// so the error is O(r^(k+1)) in cells of diameter r (T3), and labels need not be near each other. It is exact where f
    /// is a polynomial of degree k / 2 in every cell; for that a label degree of k / 2 is enough.
    /// Not enough for a loss with higher powers of y (Huber's, quantiles).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or there are more than <see cref="MaxCount"/> moments.</exception>
    /// <exception cref="ArgumentException">The metric splits the label.</exception>
    public static MomentSpace ForSquaredLoss(int features, int degree, int? label = null, int? labelDegree = null, PartitionMetric? metric = null)
    {
        int m = WithLabel(features, label, out int y, out int[] groups);
        int second = labelDegree ?? degree;
        RequireDegree(degree, nameof(degree));
        if (second < 0 || second > degree)
            throw new ArgumentOutOfRangeException(nameof(labelDegree), second, $"The degree with the label must lie between 0 and k = {degree}: with y p(x) a lower set has p(x).");
        metric = Features(m, y, metric);
        if (metric.Scales[y] > 0)
            throw new ArgumentException($"The metric splits coordinate {y}, the label; a squared loss needs cells of the features alone (give the label the scale 0, or use {nameof(Product)}).", nameof(metric));
        var family = new GroupedLayers(groups, degrees => degrees[1] switch
        {
            0 => Math.Max(0, degrees[0] - degree),
            1 => Math.Max(0, degrees[0] - second),
            2 when degrees[0] == 0 => 0,
            _ => GroupedLayers.Never,
        });
        return Create(m, family, 0, metric, $"squared loss, degree {degree}{(second == degree ? "" : $" and {second} with the label")} in {features} features");
    }

    /// <summary>
    /// For data (x, class): the moments of degree up to k in x for every class by itself; cells never mix classes. C(n+k, k)
    /// moments in every cell.
    /// </summary>
    /// <param name="features">n, the number of features x; objects have m = n + 1 coordinates.</param>
    /// <param name="degree">k, at least 0.</param>
    /// <param name="label">The coordinate of the class, any distinct numbers; the last when null.</param>
    /// <param name="metric">How cells are measured; the features, unscaled, when null. The label is never split.</param>
    /// <remarks>
    /// Any loss sum_i l(f(x_i), class_i) is, for each class, the sum of a function of x alone: exact where l(f(x), class) is a
    /// polynomial of degree k in x in every cell, with error O(r^(k+1)) for a smooth one (cross entropy of a smooth
    /// network), whatever the number and coding of the classes. Every class keeps its mass. A class of fewer members than
    /// moments is kept whole.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or there are more than <see cref="MaxCount"/> moments.</exception>
    public static MomentSpace ForClassification(int features, int degree, int? label = null, PartitionMetric? metric = null)
    {
        int m = WithLabel(features, label, out int y, out int[] groups);
        RequireDegree(degree, nameof(degree));
        metric = Features(m, y, metric).Separating(y);
        groups[y] = -1;
        return Create(m, new GroupedLayers(groups, static degrees => degrees[0]), degree, metric, $"degree {degree} in {features} features");
    }

    /// <summary>
    /// For the hidden neurons (v, w, b) of a two-layer network, f(x) = sum_i c_i v_i sigma(w_i . x + b_i): the moments of
    /// degree up to l in the output weights v times degree up to k in the rest, in cells of (w, b) alone.
    /// </summary>
    /// <param name="inputs">n, the number of input weights w_1..w_n of a neuron.</param>
    /// <param name="degree">k, the degree in (w, b), at least 0.</param>
    /// <param name="outputDegree">l, the degree in v, at least 1.</param>
    /// <param name="outputs">The number of output weights v; objects are (v, w, b) with m = outputs + n + 1 coordinates.</param>
    /// <param name="metric">How cells are measured; (w, b), unscaled, when null.</param>
    /// <remarks>
    /// The output is linear in v: with l = 1 the network itself is kept to O(r^(k+1)) in cells of (w, b) of diameter r (T3),
    /// exactly where sigma is a polynomial of degree k on each of them. Training is not linear in v: under gradient flow dv/dt
    /// depends on (w, b) and d(w, b)/dt is proportional to v, so in the Taylor series of a trained neuron's output the term
    /// of t^n has degree n + 1 in v: degree l keeps the terms up to t^(l-1), l = 2 the first step of training. For long
    /// training (T5) let the metric split v too: it is then a coordinate like the others, and the next layers grow in it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or there are more than <see cref="MaxCount"/> moments.</exception>
    public static MomentSpace ForNeurons(int inputs, int degree, int outputDegree = 1, int outputs = 1, PartitionMetric? metric = null)
    {
        if (inputs < 1)
            throw new ArgumentOutOfRangeException(nameof(inputs), inputs, "A neuron needs at least 1 input weight.");
        if (outputs < 1)
            throw new ArgumentOutOfRangeException(nameof(outputs), outputs, "A neuron needs at least 1 output weight.");
        if (outputDegree < 1)
            throw new ArgumentOutOfRangeException(nameof(outputDegree), outputDegree, "The degree in the output weights must be at least 1: the output is linear in them.");
        RequireDegree(degree, nameof(degree));
        int m = checked(outputs + inputs + 1);
        int[] v = [.. Enumerable.Range(0, outputs)], rest = [.. Enumerable.Range(outputs, inputs + 1)];
        return Product(m, [(rest, degree), (v, outputDegree)], metric ?? PartitionMetric.Unscaled(m, rest));
    }

    /// <summary>m, the label's coordinate, and the groups 0 for features and 1 for the label.</summary>
    private static int WithLabel(int features, int? label, out int y, out int[] groups)
    {
        if (features < 1)
            throw new ArgumentOutOfRangeException(nameof(features), features, "At least 1 feature is needed.");
        int m = checked(features + 1);
        y = label ?? features;
        if (y < 0 || y >= m)
            throw new ArgumentOutOfRangeException(nameof(label), y, $"The label's coordinate must lie between 0 and {features}, for {features} features and the label.");
        groups = new int[m];
        groups[y] = 1;
        return m;
    }

    private static PartitionMetric Features(int m, int label, PartitionMetric? metric)
    {
        metric ??= PartitionMetric.Unscaled(m, [.. Enumerable.Range(0, m).Where(j => j != label)]);
        metric.Require(m);
        return metric;
    }
}
