namespace ResearchKit.Networks;

internal static unsafe class ActivationKernel
{
    public static void Apply(Activation activation, double* z, double* value, long n)
    {
        if (activation != Activation.Relu) throw new NotSupportedException();
        for (long i = 0; i < n; i++) value[i] = Math.Max(0, z[i]);
    }

    public static void ApplyWithDerivative(Activation activation, double* z, double* value, double* derivative, long n)
    {
        if (activation != Activation.Relu) throw new NotSupportedException();
        for (long i = 0; i < n; i++)
        {
            derivative[i] = z[i] > 0 ? 1 : 0;
            value[i] = Math.Max(0, z[i]);
        }
    }
}
