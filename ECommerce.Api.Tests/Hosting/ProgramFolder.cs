namespace ECommerce.Api.Tests.Hosting;

/// <summary>A PATH of one folder, with nothing but the programs that a test adds.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("path-test-");

    public ProgramFolder() => Directory.CreateDirectory(Path);

    public string Path => System.IO.Path.Combine(_folder.FullName, "bin");

    /// <summary>Adds a shell script under the name of a program.</summary>
    public void AddScript(string program, string script)
    {
        var file = System.IO.Path.Combine(Path, program);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Where this machine has a program.</summary>
    public static string LocalPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, program))
        .First(File.Exists);
}
