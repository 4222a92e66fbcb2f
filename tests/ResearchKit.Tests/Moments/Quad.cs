namespace ResearchKit.Tests;

/// <summary>Double-double numbers (about 32 digits) by error-free transformations: the tests' own arithmetic.</summary>
internal readonly record struct Quad(double High, double Low)
{
    public static readonly Quad Zero = new(0, 0);

    public static implicit operator Quad(double value) => new(value, 0);

    public static explicit operator double(Quad value) => value.High + value.Low;

    public static Quad operator +(Quad a, Quad b)
    {
        Quad s = TwoSum(a.High, b.High), t = TwoSum(a.Low, b.Low);
        Quad u = FastTwoSum(s.High, s.Low + t.High);
        return FastTwoSum(u.High, u.Low + t.Low);
    }

    public static Quad operator -(Quad a) => new(-a.High, -a.Low);

    public static Quad operator -(Quad a, Quad b) => a + (-b);

    public static Quad operator *(Quad a, Quad b)
    {
        double p = a.High * b.High;
        double e = Math.FusedMultiplyAdd(a.High, b.High, -p) + (a.High * b.Low + a.Low * b.High);
        return FastTwoSum(p, e);
    }

    public static Quad operator /(Quad a, Quad b)
    {
        double q1 = a.High / b.High;
        Quad r = a - b * q1;
        double q2 = r.High / b.High;
        r -= b * q2;
        return FastTwoSum(q1, q2) + r.High / b.High;
    }

    public static Quad Abs(Quad a) => a.High < 0 || (a.High == 0 && a.Low < 0) ? -a : a;

    public static Quad Sqrt(double x)
    {
        if (x == 0) return Zero;
        Quad r = Math.Sqrt(x);
        // One Newton step doubles the digits.
        return (r + (Quad)x / r) * 0.5;
    }

    private static Quad TwoSum(double a, double b)
    {
        double s = a + b, t = s - a;
        return new Quad(s, (a - (s - t)) + (b - t));
    }

    private static Quad FastTwoSum(double a, double b)
    {
        double s = a + b;
        return new Quad(s, b - (s - a));
    }
}
