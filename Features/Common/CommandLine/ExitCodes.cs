namespace ECommerce.Features.Common.CommandLine;

/// <summary>How a command ends; scripts branch on it.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Refused or failed: nothing was changed, unless the line reports that this is unknown.</summary>
    public const int Refused = 1;

    /// <summary>The command line is not understood.</summary>
    public const int Usage = 2;

    /// <summary>Done, but not every node is known to have it: some may serve what was before for two seconds.</summary>
    public const int Deferred = 3;
}
