namespace ResearchKit.Engine;

/// <summary>What the TeX commands of our notebooks stand for.</summary>
internal static class TexSymbols
{
    /// <summary>Letters and letter-like signs.</summary>
    public static readonly Dictionary<string, string> Identifiers = new(StringComparer.Ordinal)
    {
        ["alpha"] = "α", ["beta"] = "β", ["gamma"] = "γ", ["delta"] = "δ", ["epsilon"] = "ϵ", ["varepsilon"] = "ε",
        ["zeta"] = "ζ", ["eta"] = "η", ["theta"] = "θ", ["vartheta"] = "ϑ", ["iota"] = "ι", ["kappa"] = "κ",
        ["lambda"] = "λ", ["mu"] = "μ", ["nu"] = "ν", ["xi"] = "ξ", ["pi"] = "π", ["varpi"] = "ϖ", ["rho"] = "ρ",
        ["sigma"] = "σ", ["varsigma"] = "ς", ["tau"] = "τ", ["upsilon"] = "υ", ["phi"] = "ϕ", ["varphi"] = "φ",
        ["chi"] = "χ", ["psi"] = "ψ", ["omega"] = "ω", ["Gamma"] = "Γ", ["Delta"] = "Δ", ["Theta"] = "Θ",
        ["Lambda"] = "Λ", ["Xi"] = "Ξ", ["Pi"] = "Π", ["Sigma"] = "Σ", ["Upsilon"] = "Υ", ["Phi"] = "Φ",
        ["Psi"] = "Ψ", ["Omega"] = "Ω", ["ell"] = "ℓ", ["infty"] = "∞", ["partial"] = "∂", ["nabla"] = "∇",
        ["emptyset"] = "∅", ["varnothing"] = "∅", ["hbar"] = "ℏ", ["Re"] = "ℜ", ["Im"] = "ℑ", ["aleph"] = "ℵ",
        ["ldots"] = "…", ["dots"] = "…", ["cdots"] = "⋯", ["vdots"] = "⋮", ["ddots"] = "⋱", ["prime"] = "′",
        ["degree"] = "°", ["top"] = "⊤", ["bot"] = "⊥", ["imath"] = "ı", ["jmath"] = "ȷ",
    };

    /// <summary>Operators and relations.</summary>
    public static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["le"] = "≤", ["leq"] = "≤", ["leqslant"] = "⩽", ["ge"] = "≥", ["geq"] = "≥", ["geqslant"] = "⩾", ["lt"] = "<",
        ["gt"] = ">", ["ne"] = "≠", ["neq"] = "≠", ["ll"] = "≪", ["gg"] = "≫", ["approx"] = "≈", ["sim"] = "∼",
        ["simeq"] = "≃", ["cong"] = "≅", ["equiv"] = "≡", ["propto"] = "∝", ["asymp"] = "≍", ["lesssim"] = "≲",
        ["gtrsim"] = "≳", ["in"] = "∈", ["notin"] = "∉", ["ni"] = "∋", ["subset"] = "⊂", ["subseteq"] = "⊆",
        ["supset"] = "⊃", ["supseteq"] = "⊇", ["cup"] = "∪", ["cap"] = "∩", ["setminus"] = "∖", ["times"] = "×",
        ["cdot"] = "⋅", ["div"] = "÷", ["pm"] = "±", ["mp"] = "∓", ["ast"] = "∗", ["star"] = "⋆", ["circ"] = "∘",
        ["bullet"] = "•", ["oplus"] = "⊕", ["otimes"] = "⊗", ["odot"] = "⊙", ["to"] = "→", ["rightarrow"] = "→",
        ["leftarrow"] = "←", ["gets"] = "←", ["leftrightarrow"] = "↔", ["Rightarrow"] = "⇒", ["Leftarrow"] = "⇐",
        ["Leftrightarrow"] = "⇔", ["implies"] = "⟹", ["iff"] = "⟺", ["mapsto"] = "↦", ["uparrow"] = "↑",
        ["downarrow"] = "↓", ["forall"] = "∀", ["exists"] = "∃", ["neg"] = "¬", ["land"] = "∧", ["wedge"] = "∧",
        ["lor"] = "∨", ["vee"] = "∨", ["mid"] = "∣", ["parallel"] = "∥", ["perp"] = "⟂", ["colon"] = ":",
        ["langle"] = "⟨", ["rangle"] = "⟩", ["lfloor"] = "⌊", ["rfloor"] = "⌋", ["lceil"] = "⌈", ["rceil"] = "⌉",
        ["lvert"] = "|", ["rvert"] = "|", ["lVert"] = "‖", ["rVert"] = "‖", ["vert"] = "|", ["Vert"] = "‖",
        ["{"] = "{", ["}"] = "}", ["lbrace"] = "{", ["rbrace"] = "}", ["|"] = "‖", ["%"] = "%", ["#"] = "#",
        ["&"] = "&", ["_"] = "_", ["$"] = "$", ["coloneqq"] = "≔",
    };

    /// <summary>Operators whose limits stand above and below in a displayed formula.</summary>
    public static readonly Dictionary<string, string> Large = new(StringComparer.Ordinal)
    {
        ["sum"] = "∑", ["prod"] = "∏", ["coprod"] = "∐", ["bigcup"] = "⋃", ["bigcap"] = "⋂", ["bigoplus"] = "⨁", ["bigotimes"] = "⨂",
    };

    /// <summary>Integrals, whose limits stand beside.</summary>
    public static readonly Dictionary<string, string> Integrals = new(StringComparer.Ordinal)
    {
        ["int"] = "∫", ["iint"] = "∬", ["iiint"] = "∭", ["oint"] = "∮",
    };

    /// <summary>Functions set upright.</summary>
    public static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "det", "dim",
        "ker", "deg", "rank", "tr", "sign", "sgn", "arg", "gcd", "Pr", "diag",
    };

    /// <summary>Functions whose limit stands below.</summary>
    public static readonly HashSet<string> Limits = new(StringComparer.Ordinal)
    {
        "max", "min", "sup", "inf", "lim", "argmin", "argmax", "limsup", "liminf",
    };

    /// <summary>Spaces, in em.</summary>
    public static readonly Dictionary<string, string> Spaces = new(StringComparer.Ordinal)
    {
        [","] = "0.17", [":"] = "0.22", [">"] = "0.22", [";"] = "0.28", [" "] = "0.33", ["quad"] = "1", ["qquad"] = "2",
        ["!"] = "-0.17", ["enspace"] = "0.5", ["thinspace"] = "0.17",
    };

    /// <summary>Marks above a letter.</summary>
    public static readonly Dictionary<string, string> Accents = new(StringComparer.Ordinal)
    {
        ["hat"] = "^", ["widehat"] = "^", ["tilde"] = "~", ["widetilde"] = "~", ["bar"] = "¯", ["overline"] = "¯",
        ["vec"] = "→", ["dot"] = "˙", ["ddot"] = "¨", ["check"] = "ˇ", ["breve"] = "˘",
    };
}
