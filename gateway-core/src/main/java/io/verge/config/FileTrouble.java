package io.verge.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The JDK tells of a file that can't be used its name and no reason: the reason is the class. */
public final class FileTrouble {
  private FileTrouble() {}

  /** What is wrong, with the name of the file where it is known. */
  public static String why(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (!(e instanceof IOException)) {
      return message;
    }
    if (e instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return message + " is not there";
    }
    if (e instanceof FileAlreadyExistsException) {
      return message + " is in the way";
    }
    if (e instanceof NotDirectoryException) {
      return message + " is no folder";
    }
    return e instanceof DirectoryNotEmptyException ? message + " is not empty" : message;
  }
}
